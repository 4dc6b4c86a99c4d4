namespace Dataplane.Kubernetes.Objects;

/// <summary>Kinds of objects that a set may lack.</summary>
[Flags]
public enum UnseenKinds
{
    None = 0,
    Pods = 1,
    Policies = 2,
    Namespaces = 4,
    All = Pods | Policies | Namespaces,
}

/// <summary>
/// Objects that may exist and are not in the set: they could not be read, or other objects make them. A warning that
/// something is missing is not given where these could be it.
/// </summary>
/// <param name="Namespace">Null: of any namespace.</param>
public sealed record Unseen(UnseenKinds Kinds, string? Namespace);
