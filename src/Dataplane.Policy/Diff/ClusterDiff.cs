using System.Net.Sockets;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Diff;

/// <summary>
/// What a change of the desired state does: the flows it opens and closes, exactly, and the objects that differ. A flow
/// of a pod that only one side has exists on that side alone.
/// </summary>
public sealed record ClusterDiff(IReadOnlyList<FlowChange> Opened, IReadOnlyList<FlowChange> Closed,
    IReadOnlyList<ObjectChange> Objects)
{
    /// <summary>
    /// The flows of pods that policies select and that are not loaded, by the text of the selection. Where the same
    /// changes for a loaded pod of the selection, it is listed for that pod alone.
    /// </summary>
    public required FlowChanges Exposure { get; init; }

    /// <summary>Number of selections that were not compared, because there are too many.</summary>
    public int NotCompared { get; init; }

    /// <summary>Whether a flow differs, of loaded pods or of others.</summary>
    public bool Differs => Opened.Count + Closed.Count + Exposure.Count > 0;

    /// <summary>
    /// Ports and outside addresses are cut wherever any policy of either side cuts them, so one probe of each piece
    /// answers for all of it; pods that no policy of either side tells apart are asked about once, and only where
    /// something changed.
    /// </summary>
    public static ClusterDiff Between(Cluster before, Cluster after)
    {
        var objects = ObjectChanges.Between(before, after);
        var unloaded = new UnloadedPods(before, after, new ChangedPolicies(before, after, objects));
        var units = new DiffUnits(unloaded.In(before), unloaded.In(after), objects, unloaded.All);
        var (flows, exposure) = new DiffFlows(units).Compute();
        var services = ServiceFlows.Between(before, after);
        return new ClusterDiff(
            [.. flows.Opened, .. services.Opened], [.. flows.Closed, .. services.Closed], objects)
        {
            Exposure = exposure,
            NotCompared = unloaded.Left,
        };
    }
}

/// <summary>Flows that are opened and closed, in groups.</summary>
public sealed record FlowChanges(IReadOnlyList<FlowChange> Opened, IReadOnlyList<FlowChange> Closed)
{
    public int Count => Opened.Count + Closed.Count;
}

/// <summary>
/// The same change for every source with every destination, a pod to itself excepted: that is always allowed.
/// </summary>
/// <param name="From">Pod names, <c>node</c>, selections of pods that are not loaded, CIDRs of addresses outside;
/// sorted, CIDRs last. See <see cref="EndNames"/>.</param>
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
