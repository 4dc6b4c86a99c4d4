namespace Dataplane.Policy.Diff;

/// <summary>What an end of a <see cref="FlowChange"/> is, as its name tells.</summary>
public enum EndKind { Pod, Node, Cidr, Unloaded, Service }

/// <summary>The names of the ends of a diff's flows.</summary>
public static class EndNames
{
    /// <summary>Of the name of a Service; no CIDR begins so.</summary>
    public const string ServicePrefix = "service:";

    /// <summary>
    /// A selection has a space, as no other name does. A namespace, with which a pod's name begins, has neither a dot
    /// nor a colon, one of which is in every CIDR.
    /// </summary>
    public static EndKind KindOf(string name)
    {
        if (name.Contains(' ')) return EndKind.Unloaded;
        if (name.StartsWith(ServicePrefix, StringComparison.Ordinal)) return EndKind.Service;
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash <= 0 ? EndKind.Node
            : name.AsSpan(0, slash).ContainsAny('.', ':') ? EndKind.Cidr : EndKind.Pod;
    }
}
