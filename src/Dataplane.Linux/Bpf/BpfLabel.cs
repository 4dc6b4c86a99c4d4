namespace Dataplane.Linux.Bpf;

/// <summary>
/// A place in a program. Jumps go forward only, so that the kernel's verifier sees the end of every path.
/// </summary>
public sealed class BpfLabel(string name)
{
    public string Name => name;

    /// <summary>The number of the instruction that it stands before; null: not bound yet.</summary>
    internal int? At { get; set; }
}
