using Dataplane.Kubernetes.Kinds;

namespace Dataplane.ApiMachinery.Resources;

/// <summary>A kind as the API serves it.</summary>
/// <param name="Kind">Its names.</param>
/// <param name="Subresources">Below the path of an object, such as <c>status</c> and <c>log</c>.</param>
public sealed record ApiResource(ObjectKind Kind, IReadOnlyList<string> Subresources)
{
    /// <summary>Groups of kinds that kubectl knows by one word: <c>all</c>.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Objects are no input of planning: they are kept as they are given.</summary>
    public bool IsStored { get; init; }

    /// <summary>The path of its objects without namespace and name: <c>/apis/apps/v1/deployments</c>.</summary>
    public string Path => $"{Root}/{Kind.Plural}";

    /// <summary>The path of its group and version: <c>/api/v1</c>, <c>/apis/apps/v1</c>.</summary>
    public string Root => Kind.Group.Length == 0 ? $"/api/{Kind.Version}" : $"/apis/{Kind.Group}/{Kind.Version}";

    /// <summary>All objects of a collection may be deleted by one request: not all namespaces.</summary>
    public bool HasDeleteCollection => Kind.Group.Length > 0 || Kind.Name != "Namespace";

    public bool Has(string subresource) => Subresources.Contains(subresource);
}
