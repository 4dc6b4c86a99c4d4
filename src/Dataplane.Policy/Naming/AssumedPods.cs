using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Naming;

/// <summary>
/// Pods that exist only in a question, written <c>NAMESPACE/{app=x,tier=y}</c>: they have these labels, no ports and
/// no known address.
/// </summary>
/// <remarks>
/// Any address of the pod network can be that of such a pod. Where ipBlocks tell addresses apart, it stands for a pod
/// at each kind of address, so that a verdict that hangs on the address is seen to differ.
/// </remarks>
public static class AssumedPods
{
    /// <summary>The place of such a pod, which no file has.</summary>
    private static readonly SourcePosition Nowhere = new("(question)", 1, 1);

    /// <summary>Whether the text is meant as such a pod: no name and no address has braces.</summary>
    public static bool IsWritten(string text) => text.Contains('{');

    /// <summary>Whether the endpoint exists only in a question.</summary>
    public static bool Has(Endpoint endpoint) => endpoint is PodEndpoint pod && IsWritten(pod.Pod.Name);

    /// <param name="ns">The namespace where the text has none.</param>
    /// <returns>The pod, or what is wrong with the text.</returns>
    internal static (PodObject? Pod, string? Error) Parse(string text, string ns)
    {
        var open = text.IndexOf('{', StringComparison.Ordinal);
        var prefix = text[..open];
        if (!text.EndsWith('}') || (prefix.Length > 0 && !prefix.EndsWith('/')))
        {
            return (null, $"\"{text}\": write NAMESPACE/{{app=x,tier=y}} for a pod that is not loaded");
        }
        var name = prefix.Length == 0 ? ns : prefix[..^1];
        if (Names.Label(name) is { } wrong)
        {
            return (null, $"\"{text}\": \"{name}\" is not a valid namespace: {wrong}");
        }
        if (!LabelText.TryParse(text[(open + 1)..^1], out var labels, out var error))
        {
            return (null, $"\"{text}\": {error}");
        }
        var spelled = string.Join(',', labels.Select(label => $"{label.Key}={label.Value}"));
        return (new PodObject(name, $"{{{spelled}}}", labels, [], HostNetwork: false, [], Nowhere), null);
    }

    /// <summary>
    /// The pod at one address of every kind that the blocks of the policies tell apart; of one kind alone, one pod
    /// with both families. Empty where the pod networks have no free address.
    /// </summary>
    internal static IReadOnlyList<PodEndpoint> At(PodObject pod, Cluster cluster, PerFamily<IPNetwork> networks)
    {
        var addresses = PerFamily.Of(family => Addresses(cluster, networks[family]));
        if (addresses is { IPv4.Count: <= 1, IPv6.Count: <= 1 })
        {
            return addresses.IPv4.Count + addresses.IPv6.Count == 0 ? []
                : [new PodEndpoint(pod, addresses.IPv4.FirstOrDefault(), addresses.IPv6.FirstOrDefault())];
        }
        return [.. addresses.IPv4.Concat(addresses.IPv6).Select(address => new PodEndpoint(
            pod with { Name = $"{pod.Name}@{address}" },
            address.AddressFamily == AddressFamily.InterNetwork ? address : null,
            address.AddressFamily == AddressFamily.InterNetworkV6 ? address : null))];
    }

    /// <summary>A free address of every kind: kinds differ in the blocks that contain them.</summary>
    private static List<IPAddress> Addresses(Cluster cluster, IPNetwork network)
    {
        var family = network.BaseAddress.AddressFamily;
        var taken = cluster.Pods.Select(pod => pod.Address(family)).OfType<IPAddress>()
            .Concat(cluster.NodeAddresses).ToHashSet();
        var blocks = ClusterBlocks.Of(cluster).Where(block => block.BaseAddress.AddressFamily == family).Distinct()
            .Select(AddressRange.Of).ToList();
        // No pod has the address of the network, the gateway or, of IPv4, the broadcast.
        var whole = AddressRange.Of(network);
        var range = new AddressRange(
            whole.First + 2, family == AddressFamily.InterNetwork ? whole.Last - 1 : whole.Last);
        var starts = new SortedSet<UInt128>(blocks
            .SelectMany(block => block.Last == AddressRange.Highest(family)
                ? [block.First] : new[] { block.First, block.Last + 1 })
            .Where(start => start > range.First && start <= range.Last)) { range.First };
        var (kinds, found) = (new HashSet<string>(), new List<IPAddress>());
        foreach (var (start, next) in starts.Zip(starts.Skip(1).Append(range.Last + 1)))
        {
            var kind = string.Join(',', blocks.Index().Where(b => b.Item.First <= start && start <= b.Item.Last)
                .Select(b => b.Index));
            if (!kinds.Contains(kind) && Free(start, next) is { } address)
            {
                kinds.Add(kind);
                found.Add(address);
            }
        }
        return found;

        IPAddress? Free(UInt128 first, UInt128 end)
        {
            for (var number = first; number < end; number++)
            {
                var address = AddressRange.ToAddress(number, family);
                if (!taken.Contains(address)) return address;
            }
            return null;
        }
    }
}
