using Dataplane.Kubernetes.Objects;

namespace Dataplane.Control.State;

/// <summary>Identifies an object of the desired state.</summary>
/// <param name="Name"><c>namespace/name</c>, or the name alone for cluster-scoped kinds.</param>
public readonly record struct ObjectKey(string Kind, string Name) : IComparable<ObjectKey>
{
    public static ObjectKey Of(KubernetesObject obj) => new(obj.Kind, obj.FullName);

    public int CompareTo(ObjectKey other) =>
        string.CompareOrdinal(Kind, other.Kind) is var kind and not 0 ? kind : string.CompareOrdinal(Name, other.Name);

    public static bool operator <(ObjectKey left, ObjectKey right) => left.CompareTo(right) < 0;

    public static bool operator >(ObjectKey left, ObjectKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(ObjectKey left, ObjectKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ObjectKey left, ObjectKey right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{Kind} {Name}";
}

/// <summary>An object of the desired state and the document that declares it, which may declare others too.</summary>
public sealed record HeldObject(KubernetesObject Object, HeldDocument From, ObjectRecord Record);
