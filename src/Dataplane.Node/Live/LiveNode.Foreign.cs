using Dataplane.Linux.Native;
using Dataplane.Node.Layout;
using Dataplane.Node.Repairs;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Live;

/// <content>Pods in namespaces that other programs made and may remove at any time.</content>
public sealed partial class LiveNode
{
    /// <summary>
    /// Pods whose name or path of a namespace no longer leads to the one that they are attached in: whoever made it has
    /// removed it. It lives on as long as the pod is attached.
    /// </summary>
    public IReadOnlyList<string> Deserted =>
    [
        .. _node.Attachments
            .Where(a => a is { Endpoint: PodEndpoint, Foreign: { } foreign } && !foreign.LeadsTo(a.Netns))
            .Select(a => a.EndpointName),
    ];

    /// <summary>
    /// Compares everything that a pod's network is made of, and the tables, with the plan, and repairs what differs.
    /// </summary>
    /// <returns>What differed, of the pod and of whatever else was suspected. Null: no such pod is attached.</returns>
    /// <exception cref="LinuxException">Something could not be repaired.</exception>
    public IReadOnlyList<Repair>? LookAt(string pod)
    {
        if (_node.Attachments.OfPod(pod) is not { } attachment) return null;
        _suspicions.Add([attachment.PortIndex]);
        _suspicions.Add(NodeParts.Tables | NodeParts.Routes | NodeParts.Neighbours);
        return RepairSuspected();
    }

    /// <summary>
    /// Whether an earlier process has left the port of this pod, with the other end in the pod's namespace. Before the
    /// first <see cref="Apply"/>, which takes the port over.
    /// </summary>
    public bool HasLeft(PodEndpoint pod)
    {
        foreach (var port in _unclaimed.Where(p => p.Alias == PodNames.Alias(pod)))
        {
            if (port.Claim(_node, pod) is not { } attachment) continue;
            attachment.Netns.Dispose();
            return true;
        }
        return false;
    }
}
