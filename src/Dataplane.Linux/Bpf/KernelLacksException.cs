namespace Dataplane.Linux.Bpf;

/// <summary>The running kernel does not have something that a program needs.</summary>
public sealed class KernelLacksException(string what) : Exception($"this kernel has no {what}");
