using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Rtnetlink;

namespace Dataplane.Node.Repairs;

/// <summary>Parts of the node that are compared and repaired together.</summary>
[Flags]
internal enum NodeParts
{
    None = 0,
    Tables = 1,
    Names = 2,
    Settings = 4,
    Addresses = 8,
    Forwarding = 16,
    Neighbours = 32,
    Routes = 64,
    Rules = 128,
}

/// <summary>What may differ from the plan.</summary>
/// <param name="Links">Interface indexes in the node's namespace.</param>
/// <param name="Namespaces">Ids of other namespaces; see <see cref="ChangeNotice.Namespace"/>.</param>
internal sealed record Suspicion(bool Everything, NodeParts Parts, IReadOnlySet<InterfaceIndex> Links,
    IReadOnlySet<NamespaceId> Namespaces)
{
    /// <summary>
    /// Whether it concerns interfaces, addresses, routes, routing rules or neighbours of the node's own namespace.
    /// </summary>
    public bool IsAboutNetwork =>
        Links.Count > 0 || (Parts & ~(NodeParts.Tables | NodeParts.Names | NodeParts.Settings)) != 0;
}

/// <summary>Collects what change notices point at until the next repair. Safe to use from several threads.</summary>
internal sealed class Suspicions
{
    private readonly Lock _lock = new();
    private HashSet<InterfaceIndex> _links = [];
    private HashSet<NamespaceId> _namespaces = [];
    private NodeParts _parts;
    private bool _everything;

    public void Add(ChangeNotice notice)
    {
        lock (_lock)
        {
            if (notice.Kind == ChangeKind.Lost) _everything = true;
            else if (notice.Namespace is { } number) _namespaces.Add(number);
            else if (notice.Kind == ChangeKind.Link) _links.Add(notice.Index);
            else _parts |= PartOf(notice.Kind);
        }
    }

    public void Add(NodeParts parts)
    {
        lock (_lock) _parts |= parts;
    }

    /// <param name="links">Interface indexes in the node's namespace.</param>
    public void Add(IReadOnlyList<InterfaceIndex> links)
    {
        lock (_lock) _links.UnionWith(links);
    }

    public void AddEverything()
    {
        lock (_lock) _everything = true;
    }

    /// <summary>Returns and clears the pending suspicions.</summary>
    public Suspicion Take()
    {
        lock (_lock)
        {
            var taken = new Suspicion(_everything, _parts, _links, _namespaces);
            (_everything, _parts, _links, _namespaces) = (false, NodeParts.None, [], []);
            return taken;
        }
    }

    private static NodeParts PartOf(ChangeKind kind) => kind switch
    {
        ChangeKind.Address => NodeParts.Addresses,
        ChangeKind.Route => NodeParts.Routes,
        ChangeKind.Rule => NodeParts.Rules,
        ChangeKind.Neighbour => NodeParts.Neighbours,
        ChangeKind.Forwarding => NodeParts.Forwarding,
        ChangeKind.Tables => NodeParts.Tables,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
