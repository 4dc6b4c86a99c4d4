namespace Dataplane.Kubernetes;

/// <summary>What every object has. <see cref="Namespace"/> is empty for cluster-scoped kinds.</summary>
public abstract record KubernetesObject(string Namespace, string Name, IReadOnlyDictionary<string, string> Labels, SourcePosition Position)
{
    public abstract string Kind { get; }

    /// <summary><c>namespace/name</c>, or the name alone for cluster-scoped kinds.</summary>
    public string FullName => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
