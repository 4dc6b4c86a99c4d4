namespace Dataplane.Linux.Bpf;

/// <summary>What a test run of a program came to.</summary>
/// <param name="Result">What the program returned.</param>
/// <param name="Mark">The mark of the frame afterwards.</param>
public readonly record struct BpfRun(int Result, uint Mark);
