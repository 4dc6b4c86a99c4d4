namespace Dataplane.Control.State;

/// <summary>
/// An object of a kind that planning does not read, as it was given. Its key has the plural of the kind with the group,
/// such as <c>configmaps</c> or <c>ingresses.networking.k8s.io</c>.
/// </summary>
/// <param name="Json">The whole object in UTF-8, on one line, with uid, creationTimestamp and status.</param>
public sealed record StoredObject(ReadOnlyMemory<byte> Json);
