using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;

namespace Dataplane.Cli.Options;

/// <summary>
/// The object that a command line names: <c>KIND NAME</c>, or <c>KIND/NAME</c> as <c>get -o name</c> prints it.
/// </summary>
/// <param name="Name"><c>namespace/name</c>, or the name alone for cluster-scoped kinds; null for all objects of the
/// kinds.</param>
internal readonly record struct ObjectNames(IReadOnlyList<ObjectKind> Kinds, string? Name)
{
    public const string DefaultNamespace = "default";

    /// <exception cref="CommandFailure">The kind is unknown, or the name is invalid.</exception>
    public static ObjectNames Parse(string kind, string? name, string? ns)
    {
        if (name is null && kind.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash)
            (kind, name) = (kind[..slash], kind[(slash + 1)..]);
        var kinds = KindNames.ParseList(kind);
        if (name is null) return new ObjectNames(kinds, null);
        return kinds is [var only]
            ? new ObjectNames(kinds, only.Namespaced ? FullName(name, ns) : name)
            : throw new CommandFailure(ExitCodes.Usage, $"a name needs one kind, and \"{kind}\" is several");
    }

    /// <exception cref="CommandFailure">The name contains a namespace other than <paramref name="ns"/>.</exception>
    public static string FullName(string name, string? ns)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return $"{ns ?? DefaultNamespace}/{name}";
        return ns is null || name[..slash] == ns
            ? name
            : throw new CommandFailure(ExitCodes.Usage, $"{name} is not of namespace {ns}");
    }

    /// <summary>The name of an endpoint with its namespace, if it is the name of a pod without one.</summary>
    public static string Endpoint(string name, string? ns) =>
        ns is null || name == NodeEndpoint.Word || name.Contains('/', StringComparison.Ordinal)
            || EndpointNames.TryParseAddress(name, out _)
            ? name
            : $"{ns}/{name}";

    /// <summary>True for all kinds.</summary>
    public bool IsEverything => Kinds.Count == ObjectKinds.All.Count;

    public string Describe() =>
        IsEverything
            ? "objects"
            : Name is null
                ? string.Join(", ", Kinds.Select(k => k.Plural))
                : $"{Kinds[0].Singular} {Name}";
}
