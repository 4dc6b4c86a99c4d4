namespace Dataplane.Kubernetes.Objects;

/// <summary>A port that a container says it listens on.</summary>
/// <param name="Name">Null where it has none.</param>
public readonly record struct DeclaredPort(string? Name, ushort Number, TransportProtocol Protocol);
