using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Naming;

/// <summary>Either an endpoint or the reason there is none, in one sentence for the user.</summary>
public readonly record struct EndpointResolution(Endpoint? Endpoint, string? Error)
{
    public static EndpointResolution Found(Endpoint endpoint) => new(endpoint, null);
    public static EndpointResolution Failed(string error) => new(null, error);
}

/// <summary>
/// The spellings of an endpoint: <c>namespace/pod</c>, <c>pod</c> (of one namespace), an address, <c>node</c>; and
/// <c>namespace/workload</c> for the pods that a workload makes.
/// </summary>
public static class EndpointNames
{
    /// <summary>
    /// <c>node</c> and addresses win over a pod of that name, which <c>namespace/</c> in front still reaches. A pod's
    /// address is that pod, the node's (a hostNetwork pod's too) is the node, any other is outside.
    /// </summary>
    /// <param name="ns">The namespace of a pod that is named without one.</param>
    public static EndpointResolution Resolve(Cluster cluster, string text, string ns = "default")
    {
        if (text == cluster.Node.Name)
        {
            return EndpointResolution.Found(cluster.Node);
        }
        if (TryParseAddress(text, out var address))
        {
            return ServiceNames.At(cluster, address) is { } at ? EndpointResolution.Failed(at)
                : ResolveAddress(cluster, address);
        }
        var name = text.Contains('/') ? text : $"{ns}/{text}";
        return cluster.Pods.FirstOrDefault(pod => pod.Name == name) is { } found
            ? EndpointResolution.Found(found)
            : EndpointResolution.Failed(ServiceNames.Named(cluster, text, ns) ?? Unknown(cluster, text, name));
    }

    /// <summary>
    /// As <see cref="Resolve"/>; where no pod has the name, the pods of the workload that has it.
    /// </summary>
    /// <param name="ns">The namespace of a name without one.</param>
    public static GroupResolution ResolveGroup(Cluster cluster, string text, string ns = "default")
    {
        var resolution = Resolve(cluster, text, ns);
        if (resolution.Endpoint is { } endpoint)
        {
            return new GroupResolution(EndpointGroup.Of(endpoint), null);
        }
        var name = text.Contains('/') ? text : $"{ns}/{text}";
        var pods = cluster.Pods.Where(pod => WorkloadOf(pod) == name)
            .OrderBy(pod => pod.Name, StringComparer.Ordinal).ToList();
        return pods.Count > 0
            ? new GroupResolution(new EndpointGroup(name, pods), null)
            : new GroupResolution(null, resolution.Error);
    }

    /// <summary>
    /// Only the plain spelling: <c>10.1</c>, <c>80</c> and <c>010.0.0.1</c>, which inet_aton would take, are no
    /// addresses here.
    /// </summary>
    public static bool TryParseAddress(string text, out IPAddress address)
    {
        if (IPAddress.TryParse(text, out var parsed)
            && (parsed.AddressFamily == AddressFamily.InterNetwork ? parsed.ToString() == text : text.Contains(':')))
        {
            address = parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed;
            return true;
        }
        address = IPAddress.None;
        return false;
    }

    private static EndpointResolution ResolveAddress(Cluster cluster, IPAddress address)
    {
        if (IPAddress.IsLoopback(address))
        {
            return EndpointResolution.Failed($"{address} is the loopback address: every pod has its own, and it "
                + "never leaves the pod");
        }
        if (!IsUnicast(address))
        {
            return EndpointResolution.Failed($"{address} is not the address of one machine");
        }
        return EndpointResolution.Found(cluster.At(address));
    }

    private static bool IsUnicast(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork
            ? address.GetAddressBytes()[0] is > 0 and < 224
            : !address.IsIPv6Multicast && !address.Equals(IPAddress.IPv6Any);

    private static string Unknown(Cluster cluster, string text, string fullName)
    {
        if (AssumedPods.IsWritten(text))
        {
            return $"\"{text}\" exists only in a question, of why, matrix or test; name a pod that is there";
        }
        if (cluster.EndedPods.FirstOrDefault(pod => pod.FullName == fullName) is { } ended)
        {
            var place = $"{ended.Position.File}:{ended.Position.Line}";
            return $"the pod {ended.FullName} has ended ({ended.EndedPhase}, {place}) and has no network";
        }
        var unknown = $"no pod \"{text}\"";
        if (cluster.Pods.Count == 0)
        {
            return $"{unknown}: there are no pods";
        }
        var suggestion = Suggestion(cluster, fullName);
        return suggestion is not null
            ? $"{unknown}; did you mean \"{suggestion}\"?"
            : $"{unknown}; write namespace/pod or namespace/workload, an address, or node";
    }

    /// <summary>The likeliest name of that namespace, else of all.</summary>
    private static string? Suggestion(Cluster cluster, string fullName)
    {
        var slash = fullName.IndexOf('/', StringComparison.Ordinal);
        var (ns, shortName) = (fullName[..slash], fullName[(slash + 1)..]);
        return Nearest(cluster.Pods.Where(pod => pod.Pod.Namespace == ns)) ?? Nearest(cluster.Pods);

        string? Nearest(IEnumerable<PodEndpoint> pods)
        {
            var names = pods.SelectMany(pod => new[] { pod.Name, WorkloadOf(pod) }).OfType<string>()
                .Select(full => (Full: full, Short: full[(full.IndexOf('/', StringComparison.Ordinal) + 1)..]))
                .ToList();
            return Suggest.Nearest(shortName, names.Select(name => name.Short)) is { } nearest
                ? names.First(name => name.Short == nearest).Full : null;
        }
    }

    private static string? WorkloadOf(PodEndpoint pod) =>
        pod.Pod.Workload is { } workload ? $"{pod.Pod.Namespace}/{workload}" : null;
}
