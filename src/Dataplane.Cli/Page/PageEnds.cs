using Dataplane.Policy.Model;

namespace Dataplane.Cli.Page;

/// <summary>The endpoints of a page, each with its place.</summary>
internal sealed class PageEnds
{
    private readonly List<PageEnd> _all = [];
    private readonly Dictionary<string, int> _places = [];

    public IReadOnlyList<PageEnd> All => _all;

    public int Of(Endpoint end) => _places.TryGetValue(end.Name, out var place) ? place : Add(end switch
    {
        PodEndpoint pod => Pod(pod),
        ExternalEndpoint outside => new PageEnd(end.Name, "address", null, null, [], [$"{outside.Address}"]),
        _ => new PageEnd(end.Name, "node", null, null, [], Addresses(end)),
    });

    /// <param name="service"><c>namespace/name</c>.</param>
    /// <param name="backend">Of a column for one backend; null: for all of them.</param>
    public int OfService(string service, string? backend = null)
    {
        var name = $"service:{service}{(backend is null ? "" : $" → {backend}")}";
        return _places.TryGetValue(name, out var place) ? place
            : Add(new PageEnd(name, "service", service.Split('/')[0], null, [], []));
    }

    private static PageEnd Pod(PodEndpoint pod) => new(pod.Name, pod.IsHostNetwork ? "node" : "pod", pod.Pod.Namespace,
        pod.Pod.Workload is { } workload ? $"{pod.Pod.Namespace}/{workload}" : null,
        [.. pod.Pod.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}")],
        Addresses(pod));

    private static IReadOnlyList<string> Addresses(Endpoint end) =>
        [.. AddressFamilies.All.Select(end.AddressIn).OfType<System.Net.IPAddress>().Select(a => $"{a}")];

    private int Add(PageEnd end)
    {
        _all.Add(end);
        return _places[end.Name] = _all.Count - 1;
    }
}
