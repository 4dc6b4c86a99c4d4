namespace Dataplane.Daemon.KubernetesApi.Requests;

/// <summary>The path of a resource, an object or a part of one.</summary>
/// <param name="Group">Empty for the core group.</param>
/// <param name="Namespace">Null: none is named.</param>
/// <param name="Name">Null: all objects.</param>
/// <param name="Subresource">Null: the object itself.</param>
internal sealed record ApiPath(
    string Group, string Version, string? Namespace, string Plural, string? Name, string? Subresource)
{
    /// <summary>The paths begin with <c>/watch</c> behind the version: the form of old clients.</summary>
    public bool IsWatch { get; private init; }

    /// <summary>Null: this is no such path.</summary>
    public static ApiPath? Parse(string path)
    {
        var parts = path.Trim('/').Split('/');
        string[] rest;
        string group, version;
        switch (parts)
        {
            case ["api", var v, .. var after] when after.Length > 0:
                (group, version, rest) = ("", v, after);
                break;
            case ["apis", var g, var v, .. var after] when after.Length > 0:
                (group, version, rest) = (g, v, after);
                break;
            default:
                return null;
        }
        var isWatch = rest is ["watch", _, ..];
        if (isWatch) rest = rest[1..];
        var found = rest switch
        {
            ["namespaces", var ns, "finalize" or "status"] => new ApiPath(group, version, null, "namespaces", ns,
                rest[2]),
            ["namespaces", var ns, var plural] => new ApiPath(group, version, ns, plural, null, null),
            ["namespaces", var ns, var plural, var name] => new ApiPath(group, version, ns, plural, name, null),
            ["namespaces", var ns, var plural, var name, var sub] =>
                new ApiPath(group, version, ns, plural, name, sub),
            [var plural] => new ApiPath(group, version, null, plural, null, null),
            [var plural, var name] => new ApiPath(group, version, null, plural, name, null),
            [var plural, var name, var sub] => new ApiPath(group, version, null, plural, name, sub),
            _ => null,
        };
        return found is null ? null : found with { IsWatch = isWatch };
    }
}
