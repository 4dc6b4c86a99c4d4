namespace Dataplane.Linux.Programs;

/// <summary>How a process ended: by itself with a code, or by a signal.</summary>
/// <param name="Code">0 to 255; meaningless where there is a signal.</param>
/// <param name="Signal">Its number, signal(7); 0: none.</param>
public readonly record struct ProgramEnd(int Code, int Signal)
{
    /// <param name="status">As wait(2) gives it.</param>
    public static ProgramEnd Of(int status) => new((status >> 8) & 0xff, status & 0x7f);
}
