using Dataplane.Node.Ports;
using Dataplane.Node.Ports.Simulated;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Live;

/// <summary>
/// The pods of a node by name. Immutable: the next state's list costs what changes, and a copy of references.
/// </summary>
internal sealed class LivePods
{
    private static readonly Comparer<LivePod> ByName =
        Comparer<LivePod>.Create((a, b) => string.CompareOrdinal(a.Pod.Name, b.Pod.Name));

    private readonly List<LivePod> _all;

    private LivePods(List<LivePod> all) => _all = all;

    public IReadOnlyList<LivePod> All => _all;

    public static LivePods Of(NodePorts node)
    {
        var all = node.Attachments.Where(a => a.Endpoint is PodEndpoint).Select(a => Pod(node, a)).ToList();
        all.Sort(ByName);
        return new LivePods(all);
    }

    /// <summary>The list after the plan. Null: many pods changed, and building the list anew is cheaper.</summary>
    public LivePods? With(NodePorts node, PodPlan plan)
    {
        var changes = plan.AttachedNames.Count + plan.DetachedNames.Count + plan.KeptNames.Count();
        if (changes == 0) return this;
        if (changes > 100) return null;
        var all = new List<LivePod>(_all);
        foreach (var name in plan.DetachedNames.Concat(plan.AttachedNames).Concat(plan.KeptNames))
        {
            var at = Find(all, name);
            if (node.Attachments.OfPod(name) is not { } attachment)
            {
                if (at >= 0) all.RemoveAt(at);
            }
            else if (at >= 0)
            {
                all[at] = Pod(node, attachment);
            }
            else
            {
                all.Insert(~at, Pod(node, attachment));
            }
        }
        return new LivePods(all);
    }

    private static LivePod Pod(NodePorts node, Attachment attachment) =>
        new((PodEndpoint)attachment.Endpoint!, node is SimulatedPorts ? null : attachment.Netns.Name,
            attachment.Netns.Name is null ? attachment.Foreign?.Given : null,
            attachment.Port, attachment.PortIndex, attachment.Mac);

    /// <summary>As <see cref="List{T}.BinarySearch(T)"/>.</summary>
    private static int Find(List<LivePod> all, string name)
    {
        var (low, high) = (0, all.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            switch (string.CompareOrdinal(all[middle].Pod.Name, name))
            {
                case 0: return middle;
                case < 0: low = middle + 1; break;
                default: high = middle - 1; break;
            }
        }
        return ~low;
    }
}
