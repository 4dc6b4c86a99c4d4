using System.Net;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Objects;

/// <summary>
/// What warnings and explanations need of a v1 Service. It decides no traffic here: policies judge the pods behind it.
/// </summary>
/// <param name="Selector">Empty: the Service finds no pods by itself.</param>
/// <param name="Addresses">The ClusterIPs that the manifest names; empty for a headless Service, and where a cluster
/// would assign them.</param>
public sealed record ServiceObject(string Namespace, string Name, IReadOnlyDictionary<string, string> Selector,
    IReadOnlyList<ServicePort> Ports, IReadOnlyList<IPAddress> Addresses, SourcePosition Position)
{
    /// <summary><c>namespace/name</c>.</summary>
    public string FullName => $"{Namespace}/{Name}";

    public bool Selects(PodObject pod) => Selector.Count > 0 && pod.Namespace == Namespace
        && Selector.All(label => pod.Labels.TryGetValue(label.Key, out var value) && value == label.Value);
}

/// <summary>One port of a Service and the port of the pods that it leads to.</summary>
/// <param name="Name">Null where the Service has one port without a name.</param>
/// <param name="Target">A number, or the name of a container port.</param>
public sealed record ServicePort(string? Name, TransportProtocol Protocol, ushort Port, string Target);
