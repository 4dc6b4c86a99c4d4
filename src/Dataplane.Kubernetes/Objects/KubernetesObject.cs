using System.Runtime.CompilerServices;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Objects;

/// <summary>The base of all objects. Equality is by reference: an object that is read twice is two objects.</summary>
/// <param name="Namespace">Empty for cluster-scoped kinds.</param>
public abstract record KubernetesObject(string Namespace, string Name, IReadOnlyDictionary<string, string> Labels,
    SourcePosition Position)
{
    private string? _fullName;

    // Everything but the name that was put together for another name.
    protected KubernetesObject(KubernetesObject original) => (Namespace, Name, Labels, Position, Owner) =
        (original.Namespace, original.Name, original.Labels, original.Position, original.Owner);

    public abstract string Kind { get; }

    /// <summary>The controller that made the object; null where nobody did.</summary>
    public OwnerReference? Owner { get; init; }

    /// <summary><c>namespace/name</c>, or the name alone for cluster-scoped kinds.</summary>
    public string FullName => _fullName ??= Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";

    public virtual bool Equals(KubernetesObject? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);
}
