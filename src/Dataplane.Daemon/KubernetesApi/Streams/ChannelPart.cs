namespace Dataplane.Daemon.KubernetesApi.Streams;

/// <summary>What has come from a client: part of the input, or its end, or a size of the terminal.</summary>
/// <param name="Channel">Input, Close or Resize.</param>
/// <param name="Bytes">Of the input; valid until the next one is read.</param>
internal readonly record struct ChannelPart(
    ContainerChannel Channel, ReadOnlyMemory<byte> Bytes = default, ushort Columns = 0, ushort Rows = 0);
