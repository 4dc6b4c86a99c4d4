namespace Dataplane.Kubernetes.Kinds;

/// <summary>A kind of object, with every name that the Kubernetes API and kubectl have for it.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The version of the group, such as <c>v1</c>.</param>
/// <param name="Name">As manifests write it in <c>kind</c>.</param>
/// <param name="Plural">As paths of the API and kubectl write it, in lower case.</param>
/// <param name="ShortNames">Abbreviations that kubectl takes; empty where there are none.</param>
/// <param name="Namespaced">False for cluster-scoped kinds.</param>
public sealed record ObjectKind(
    string Group, string Version, string Name, string Plural, IReadOnlyList<string> ShortNames, bool Namespaced)
{
    /// <summary>As manifests write it in <c>apiVersion</c>: <c>v1</c>, <c>apps/v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The name in lower case.</summary>
    public string Singular => Name.ToLowerInvariant();
}
