namespace Dataplane.Linux.Capture;

/// <summary>
/// A classic BPF program from outside, such as one that libpcap has compiled, that is safe to stand among our own
/// instructions: every jump stays inside, every path ends in a return, and nothing but the frame is read. Immutable.
/// </summary>
public sealed class FilterProgram
{
    /// <summary>
    /// Maximum number of instructions. The kernel takes 4,096 (BPF_MAXINSNS); the rest is for our own around them.
    /// </summary>
    public const int MaxLength = 4000;

    private readonly SockFilter[] _instructions;

    private FilterProgram(SockFilter[] instructions) => _instructions = instructions;

    /// <summary>Number of instructions, 1 to <see cref="MaxLength"/>.</summary>
    public int Length => _instructions.Length;

    /// <summary>Checks a program.</summary>
    /// <param name="instructions">The instructions, not trusted.</param>
    /// <param name="error">The first fault with the place of its instruction, from 0; null where there is none.</param>
    /// <returns>Null where there is a fault.</returns>
    public static FilterProgram? TryCreate(IReadOnlyList<SockFilter> instructions, out string? error)
    {
        var count = instructions.Count;
        error = count is 0 or > MaxLength ? $"{count} instructions, where 1 to {MaxLength} can be" : null;
        for (var at = 0; at < count && error is null; at++)
            if (FilterCheck.Fault(instructions[at], count - at - 1) is { } fault) error = $"instruction {at}: {fault}";
        // Jumps are forward only, so a program whose last instruction returns cannot run past its end.
        if (error is null && instructions[^1].Code != FilterCode.Return) error = "the last instruction does not return";
        return error is null ? new FilterProgram([.. instructions]) : null;
    }

    /// <summary>Whether the program takes a frame.</summary>
    /// <param name="frame">The captured part of the frame, from the Ethernet header on.</param>
    /// <param name="length">Of the whole frame, in bytes.</param>
    public bool Accepts(ReadOnlySpan<byte> frame, int length) =>
        FilterMachine.Run(_instructions, frame, (uint)length) != 0;

    /// <summary>
    /// The instructions, with <paramref name="snapLength"/> as the answer of every return that takes a frame.
    /// </summary>
    internal IEnumerable<SockFilter> Returning(uint snapLength) =>
        _instructions.Select(i => i is { Code: FilterCode.Return, K: not 0 } ? i with { K = snapLength } : i);
}
