namespace Dataplane.Linux.Bpf;

/// <summary>A program for the running kernel, whose maps are still to be made.</summary>
/// <param name="Instructions">As PROG_LOAD takes them, but for the descriptors of maps.</param>
/// <param name="Maps">The instructions that name a map, by their number.</param>
public sealed record BpfCode(byte[] Instructions, IReadOnlyDictionary<int, string> Maps);
