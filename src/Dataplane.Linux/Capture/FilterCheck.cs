namespace Dataplane.Linux.Capture;

/// <summary>
/// Checks one instruction by the kernel's own rules (net/core/filter.c, bpf_check_classic) and two of ours.
/// </summary>
internal static class FilterCheck
{
    /// <param name="behind">How many instructions follow.</param>
    /// <returns>The fault; null: none.</returns>
    public static string? Fault(SockFilter instruction, int behind)
    {
        var (code, jumpTrue, jumpFalse, k) = instruction;
        switch (code)
        {
            case FilterCode.LoadWord or FilterCode.LoadHalf or FilterCode.LoadByte or FilterCode.IndexHeaderLength:
                // Negative offsets are the kernel's own data (SKF_AD_OFF): interface, mark, CPU, a random number.
                return (int)k < 0 ? "reads what is not in the frame" : null;
            case FilterCode.LoadWordAt or FilterCode.LoadHalfAt or FilterCode.LoadByteAt:
            case FilterCode.LoadConstant or FilterCode.LoadLength or FilterCode.IndexConstant or FilterCode.IndexLength:
            case FilterCode.Return or FilterCode.ToIndex or FilterCode.FromIndex:
                return null;
            case FilterCode.LoadCell or FilterCode.IndexCell or FilterCode.StoreCell or FilterCode.StoreIndex:
                return k >= FilterCode.Cells ? $"there is no memory cell {k}" : null;
            case FilterCode.Divide or FilterCode.Modulo:
                return k == 0 ? "divides by 0" : null;
            case FilterCode.ShiftLeft or FilterCode.ShiftRight:
                return k >= 32 ? $"shifts by {k} bits" : null;
            case FilterCode.ReturnAccumulator:
                return "returns a number of bytes that it computes: only constants can be returned";
            case FilterCode.Jump:
                return k >= behind ? "jumps past the end" : null;
        }
        if (FilterCode.IsConditionalJump(code))
            return Math.Max(jumpTrue, jumpFalse) >= behind ? "jumps past the end" : null;
        return FilterCode.IsAlu(code) ? null : $"there is no code 0x{code:x2}";
    }
}
