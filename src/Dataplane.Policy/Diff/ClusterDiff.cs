using System.Net.Sockets;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Diff;

/// <summary>
/// What a change of the desired state does: the flows it opens and closes, exactly, and the objects that differ. Flows
/// are between endpoints of both sides: pods that have the same name, the node, and all addresses outside. A pod that
/// only one side has is an object that was added or removed, and no flow of it is listed.
/// </summary>
public sealed record ClusterDiff(IReadOnlyList<FlowChange> Opened, IReadOnlyList<FlowChange> Closed,
    IReadOnlyList<ObjectChange> Objects)
{
    /// <summary>
    /// Ports and outside addresses are cut wherever any policy of either side cuts them, so one probe of each piece
    /// answers for all of it; pods that no policy of either side tells apart are asked about once, and only where
    /// something changed.
    /// </summary>
    public static ClusterDiff Between(Cluster before, Cluster after)
    {
        var objects = ObjectChanges.Between(before, after);
        var units = new DiffUnits(before, after, objects);
        var (opened, closed) = new DiffFlows(units).Compute();
        return new ClusterDiff(opened, closed, objects);
    }
}

/// <summary>
/// The same change for every source with every destination, a pod to itself excepted: that is always allowed.
/// </summary>
/// <param name="From">Pod names, <c>node</c>, CIDRs of addresses outside; sorted, pods first.</param>
/// <param name="Ports">Sorted. Everything: all protocols, ICMP included.</param>
/// <param name="Families">For pods of both families, both where the change is the same in them.</param>
public sealed record FlowChange(
    IReadOnlyList<string> From, IReadOnlyList<string> To, IReadOnlyList<PortRange> Ports,
        IReadOnlyList<AddressFamily> Families)
{
    /// <summary>
    /// <see cref="From"/> in one line; <c>x/*</c> for all pods of namespace x, where there are several.
    /// </summary>
    public required string FromText { get; init; }

    public required string ToText { get; init; }

    /// <summary><c>TCP 80-90, UDP</c>; <c>all</c> for everything.</summary>
    public string PortsText => PortRangeText.Of(Ports);
}

public enum ObjectChangeKind { Added, Removed, Changed }

/// <param name="Position">Where it stands now; for one that was removed, where it stood.</param>
public sealed record ObjectChange(string Kind, string Name, ObjectChangeKind Change, SourcePosition Position);
