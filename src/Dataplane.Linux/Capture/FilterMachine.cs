using System.Buffers.Binary;

namespace Dataplane.Linux.Capture;

/// <summary>
/// Runs a checked program in this process, as the kernel would (net/core/filter.c): for frames that no packet socket
/// shows, such as those of the drop log. Some nanoseconds for each instruction; no program runs longer than it has
/// instructions.
/// </summary>
internal static class FilterMachine
{
    /// <param name="program">As <see cref="FilterProgram"/> has checked it.</param>
    /// <param name="length">Of the whole frame, in bytes.</param>
    /// <returns>How many bytes to keep; 0: none.</returns>
    public static uint Run(ReadOnlySpan<SockFilter> program, ReadOnlySpan<byte> frame, uint length)
    {
        Span<uint> cells = stackalloc uint[FilterCode.Cells];
        cells.Clear();
        uint a = 0, x = 0;
        for (var at = 0; ; at++)
        {
            var (code, jumpTrue, jumpFalse, k) = program[at];
            // A read beyond the end of the frame ends the program with the result 0.
            switch (code)
            {
                case FilterCode.LoadWord: if (!Read(frame, k, 4, out a)) return 0; break;
                case FilterCode.LoadHalf: if (!Read(frame, k, 2, out a)) return 0; break;
                case FilterCode.LoadByte: if (!Read(frame, k, 1, out a)) return 0; break;
                case FilterCode.LoadWordAt: if (!Read(frame, unchecked(x + k), 4, out a)) return 0; break;
                case FilterCode.LoadHalfAt: if (!Read(frame, unchecked(x + k), 2, out a)) return 0; break;
                case FilterCode.LoadByteAt: if (!Read(frame, unchecked(x + k), 1, out a)) return 0; break;
                case FilterCode.IndexHeaderLength: if (!Read(frame, k, 1, out x)) return 0; x = (x & 0xf) << 2; break;
                case FilterCode.LoadConstant: a = k; break;
                case FilterCode.LoadLength: a = length; break;
                case FilterCode.LoadCell: a = cells[(int)k]; break;
                case FilterCode.IndexConstant: x = k; break;
                case FilterCode.IndexLength: x = length; break;
                case FilterCode.IndexCell: x = cells[(int)k]; break;
                case FilterCode.StoreCell: cells[(int)k] = a; break;
                case FilterCode.StoreIndex: cells[(int)k] = x; break;
                case FilterCode.ToIndex: x = a; break;
                case FilterCode.FromIndex: a = x; break;
                case FilterCode.Jump: at += (int)k; break;
                case FilterCode.Return: return k;
                default:
                    var operand = (code & FilterCode.Index) != 0 ? x : k;
                    if (FilterCode.IsConditionalJump(code)) at += Holds(code, a, operand) ? jumpTrue : jumpFalse;
                    else if (!Compute(code, ref a, operand)) return 0;
                    break;
            }
        }
    }

    private static bool Read(ReadOnlySpan<byte> frame, uint offset, int size, out uint value)
    {
        value = 0;
        if (offset > frame.Length - size) return false;
        var bytes = frame[(int)offset..];
        value = size switch
        {
            4 => BinaryPrimitives.ReadUInt32BigEndian(bytes),
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            _ => bytes[0],
        };
        return true;
    }

    private static bool Holds(ushort code, uint a, uint operand) => (code & ~FilterCode.Index) switch
    {
        FilterCode.JumpEqual => a == operand,
        FilterCode.JumpGreater => a > operand,
        FilterCode.JumpNotLess => a >= operand,
        _ => (a & operand) != 0,
    };

    /// <summary>False for a division by 0, which ends the program.</summary>
    private static bool Compute(ushort code, ref uint a, uint operand)
    {
        var operation = code & 0xf0;
        if (operation is 0x30 or 0x90 && operand == 0) return false;
        a = unchecked(operation switch
        {
            0x00 => a + operand,
            0x10 => a - operand,
            0x20 => a * operand,
            0x30 => a / operand,
            0x40 => a | operand,
            0x50 => a & operand,
            // By an index of 32 and more the kernel shifts by the lower five bits, as C# does.
            0x60 => a << (int)operand,
            0x70 => a >> (int)operand,
            0x80 => 0 - a,
            0x90 => a % operand,
            _ => a ^ operand,
        });
        return true;
    }
}
