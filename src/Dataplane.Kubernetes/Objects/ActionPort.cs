namespace Dataplane.Kubernetes.Objects;

/// <summary>The port of a probe.</summary>
/// <param name="Number">0 where the container has no port of that name: such a probe fails.</param>
/// <param name="Name">As the manifest names it; null where it gives the number.</param>
public readonly record struct ActionPort(ushort Number, string? Name);
