using Dataplane.Policy.Model;

namespace Dataplane.Cli.Page;

/// <summary>Numbers endpoints: those that no policy can tell apart, whatever it says, share one.</summary>
internal sealed class Alike(Cluster cluster)
{
    private readonly System.Net.IPNetwork[] _blocks = [.. ClusterBlocks.Of(cluster).Distinct()];
    private readonly Dictionary<string, int> _known = [];
    private readonly Dictionary<Endpoint, int> _numbers = [];

    public int Of(Endpoint end)
    {
        if (_numbers.TryGetValue(end, out var number)) return number;
        var key = Key(end);
        if (!_known.TryGetValue(key, out number)) _known[key] = number = _known.Count;
        return _numbers[end] = number;
    }

    /// <summary>All that selectors, ports and blocks look at. Others than pods are each of their own kind.</summary>
    private string Key(Endpoint end)
    {
        if (end is not PodEndpoint pod) return $"{end.GetType().Name}\n{end.Name}";
        var labels = pod.Pod.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}");
        var ports = pod.Pod.Ports.Select(p => $"{p.Name} {p.Protocol} {p.Port}");
        var addresses = AddressFamilies.All.Select(pod.Address);
        var blocks = addresses.Select(a => a is null ? "none"
            : string.Concat(_blocks.Select(block => block.Contains(a) ? '1' : '0')));
        return string.Join('\n', [pod.Pod.Namespace, pod.IsHostNetwork ? "node" : "pod",
            string.Join('\t', labels), string.Join('\t', ports), string.Join('\t', blocks)]);
    }
}
