using Dataplane.Linux.Capture;

namespace Dataplane.Linux.Tests.Capture;

/// <summary>Programs from outside: what is let in, and that what is let in ends.</summary>
public sealed class FilterProgramTests
{
    private static readonly SockFilter Take = new(0x06, 0, 0, 65535), Leave = new(0x06, 0, 0, 0);

    [Theory]
    [InlineData(0x15, 1, 0, 0u, "instruction 0: jumps past the end")]
    [InlineData(0x15, 0, 255, 0u, "instruction 0: jumps past the end")]
    [InlineData(0x05, 0, 0, 1u, "instruction 0: jumps past the end")]
    [InlineData(0x05, 0, 0, 0xffffffffu, "instruction 0: jumps past the end")]
    [InlineData(0x45, 3, 3, 0u, "instruction 0: jumps past the end")]
    [InlineData(0x20, 0, 0, 0xfffff008u, "instruction 0: reads what is not in the frame")]
    [InlineData(0x30, 0, 0, 0xfff00000u, "instruction 0: reads what is not in the frame")]
    [InlineData(0xb1, 0, 0, 0x80000000u, "instruction 0: reads what is not in the frame")]
    [InlineData(0x16, 0, 0, 0u,
        "instruction 0: returns a number of bytes that it computes: only constants can be returned")]
    [InlineData(0x02, 0, 0, 16u, "instruction 0: there is no memory cell 16")]
    [InlineData(0x34, 0, 0, 0u, "instruction 0: divides by 0")]
    [InlineData(0x64, 0, 0, 32u, "instruction 0: shifts by 32 bits")]
    [InlineData(0xb4, 0, 0, 1u, "instruction 0: there is no code 0xb4")]
    [InlineData(0x8c, 0, 0, 1u, "instruction 0: there is no code 0x8c")]
    [InlineData(0x20d, 0, 0, 0u, "instruction 0: there is no code 0x20d")]
    [InlineData(0xff06, 0, 0, 0u, "instruction 0: there is no code 0xff06")]
    public void A_bad_instruction_is_named(ushort code, byte jumpTrue, byte jumpFalse, uint k, string expected)
    {
        Assert.Null(FilterProgram.TryCreate([new(code, jumpTrue, jumpFalse, k), Leave], out var error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void A_program_returns_and_has_a_length()
    {
        Assert.Null(FilterProgram.TryCreate([], out var none));
        Assert.Equal("0 instructions, where 1 to 4000 can be", none);
        Assert.Null(FilterProgram.TryCreate([.. Enumerable.Repeat(Take, FilterProgram.MaxLength + 1)], out var many));
        Assert.Equal("4001 instructions, where 1 to 4000 can be", many);
        Assert.Null(FilterProgram.TryCreate([Take, new(0x00, 0, 0, 1)], out var open));
        Assert.Equal("the last instruction does not return", open);
        Assert.NotNull(FilterProgram.TryCreate([.. Enumerable.Repeat(Take, FilterProgram.MaxLength)], out _));
    }

    [Theory]
    [InlineData(0x04, 3u, 23u)]
    [InlineData(0x14, 21u, 0xffffffffu)]
    [InlineData(0x24, 4u, 80u)]
    [InlineData(0x34, 6u, 3u)]
    [InlineData(0x94, 6u, 2u)]
    [InlineData(0x44, 1u, 21u)]
    [InlineData(0x54, 6u, 4u)]
    [InlineData(0xa4, 4u, 16u)]
    [InlineData(0x64, 2u, 80u)]
    [InlineData(0x74, 2u, 5u)]
    [InlineData(0x84, 0u, 0xffffffecu)]
    public void Arithmetic_of_20(ushort code, uint operand, uint expected)
    {
        Assert.True(Holds([new(0x00, 0, 0, 20), new(code, 0, 0, operand), new(0x15, 0, 1, expected), Take, Leave]));
        Assert.False(Holds([new(0x00, 0, 0, 20), new(code, 0, 0, operand), new(0x15, 1, 0, expected), Take, Leave]));
    }

    [Fact]
    public void What_the_frame_has_not_got_takes_nothing()
    {
        Assert.True(Holds([new(0x28, 0, 0, 2), Take], 1, 2, 3, 4));
        Assert.False(Holds([new(0x28, 0, 0, 3), Take], 1, 2, 3, 4));
        Assert.False(Holds([new(0x20, 0, 0, 0x7fffffff), Take], 1, 2, 3, 4));
        // x = -1 by the index register; and a division by it where it is 0.
        Assert.False(Holds([new(0x01, 0, 0, 0xffffffff), new(0x50, 0, 0, 0), Take], 1, 2, 3, 4));
        Assert.False(Holds([new(0x01, 0, 0, 0), new(0x3c, 0, 0, 0), Take], 1, 2, 3, 4));
        Assert.True(Holds([new(0xb1, 0, 0, 0), new(0x87, 0, 0, 0), new(0x15, 0, 1, 20), Take, Leave], 0x45));
    }

    /// <summary>Programs of random words: what the check lets through ends, and reads nothing out of bounds.</summary>
    [Fact]
    public void Random_programs_end()
    {
        ushort[] codes =
        [
            0x20, 0x28, 0x30, 0x40, 0x48, 0x50, 0x00, 0x60, 0x80, 0x01, 0x61, 0x81, 0xb1, 0x02, 0x03, 0x04, 0x0c, 0x34,
            0x3c, 0x94, 0x9c, 0x6c, 0x7c, 0x84, 0xac, 0x05, 0x15, 0x1d, 0x25, 0x35, 0x45, 0x06, 0x07, 0x87,
        ];
        var random = new Random(4);
        var (checkedPrograms, frame) = (0, new byte[60]);
        for (var round = 0; round < 200_000; round++)
        {
            var program = new SockFilter[random.Next(1, 12)];
            for (var i = 0; i < program.Length; i++)
            {
                program[i] = new(random.Next(40) == 0 ? (ushort)random.Next(0x10000) : codes[random.Next(codes.Length)],
                    (byte)random.Next(6), (byte)random.Next(6),
                    random.Next(4) == 0 ? (uint)random.NextInt64() : (uint)random.Next(20));
            }
            program[^1] = Take;
            random.NextBytes(frame);
            if (FilterProgram.TryCreate(program, out _) is not { } let) continue;
            checkedPrograms++;
            _ = let.Accepts(frame.AsSpan(0, random.Next(61)), frame.Length);
        }
        Assert.True(checkedPrograms > 1000);
    }

    private static bool Holds(SockFilter[] program, params byte[] frame)
    {
        var let = FilterProgram.TryCreate(program, out var error);
        Assert.Null(error);
        return let!.Accepts(frame, frame.Length);
    }
}
