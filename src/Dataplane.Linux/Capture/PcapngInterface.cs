namespace Dataplane.Linux.Capture;

/// <summary>
/// An interface of a capture file, as <see cref="PcapngWriter.AddInterface"/> returns it. Unrelated to the index of a
/// network interface.
/// </summary>
/// <param name="Number">The order in which it was added, from 0.</param>
public readonly record struct PcapngInterface(int Number);
