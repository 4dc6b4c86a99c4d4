namespace Dataplane.Kubernetes.Objects;

/// <summary>
/// metav1.OwnerReference: the controller that made an object, in the namespace of the object.
/// </summary>
/// <param name="Uid">Null where the reference has none.</param>
public sealed record OwnerReference(string Kind, string Name, string? Uid);
