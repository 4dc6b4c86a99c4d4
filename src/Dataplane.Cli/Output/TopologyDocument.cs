using System.Text.Json.Serialization;
using Dataplane.Api;

namespace Dataplane.Cli.Output;

/// <summary>The document of <c>topology -o json</c>: the daemon's answer about pods, and the Services.</summary>
internal sealed record TopologyDocument(string NodeNetns, string Bridge, string GatewayIPv4, string GatewayIPv6,
    IReadOnlyList<PodEntry> Pods, IReadOnlyList<TopologyService> Services);

/// <summary>A Service as <c>topology</c> shows it.</summary>
/// <param name="Type">As in the manifest.</param>
/// <param name="Addresses">ClusterIPs and other addresses at which it is; none where it is headless.</param>
/// <param name="Ports">Such as <c>TCP 80</c>, or <c>TCP 80 node 30080</c> with a port of the node.</param>
/// <param name="Endpoints">What is behind it, each once.</param>
internal sealed record TopologyService(string Name, string Type, IReadOnlyList<string> Addresses,
    IReadOnlyList<string> Ports, IReadOnlyList<TopologyEndpoint> Endpoints);

/// <param name="Name">The pod's, or an address.</param>
internal sealed record TopologyEndpoint(string Name, bool Ready)
{
    [JsonIgnore]
    public string Text => Ready ? Name : $"{Name} (not ready)";
}
