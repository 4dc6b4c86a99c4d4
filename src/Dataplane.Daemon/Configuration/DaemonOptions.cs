using System.Net;
using Dataplane.Api;
using Dataplane.Node.Live;
using Dataplane.Planning;
using Dataplane.Planning.Services;
using Dataplane.Runtime.Supervision.Client;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon.Configuration;

/// <summary>
/// Options of the daemon. Flags come before environment variables (DATAPLANE_*), and those before the configuration
/// file.
/// </summary>
public sealed record DaemonOptions
{
    /// <summary>The default name of a host node.</summary>
    public const string DefaultHostName = "dataplane-host";

    private readonly string? _nodeName;

    /// <summary>
    /// <c>private</c>: the node is a network namespace of its own. <c>host</c>: the node is this machine's namespace.
    /// <c>simulated</c>: like private, but its pods exist in the tables only, and no packet can be sent.
    /// </summary>
    public string Node { get; init; } = "private";

    /// <summary>
    /// The name of a private node below /run/netns and of its lock, and the prefix of its pods' names. The default of a
    /// host node is a different name, so that both can run side by side.
    /// </summary>
    public string NodeName
    {
        get => _nodeName ?? (IsHost ? DefaultHostName : "dataplane");
        init => _nodeName = value;
    }

    /// <summary>Of a host node: packets from pods to other hosts leave with an address of the machine.</summary>
    public bool Masquerade { get; init; } = true;

    /// <summary>Whether packets of established connections pass by the rules; see docs/short-way.md.</summary>
    public ShortWayMode ShortWay { get; init; }

    /// <summary>
    /// An absolute path of at most <see cref="ApiPaths.MaxSocketPath"/> bytes. A missing directory is made with mode
    /// 0700 (0750 with a group).
    /// </summary>
    public string Socket { get; init; } = ApiPaths.DefaultSocket;

    public string StateDirectory { get; init; } = "/var/lib/dataplane";

    /// <summary>A directory whose manifests are desired state too. Null: none.</summary>
    public string? ManifestDirectory { get; init; }

    public IPNetwork PodNetworkIPv4 { get; init; } = NodeOptions.Default.PodNetworkIPv4;

    public IPNetwork PodNetworkIPv6 { get; init; } = NodeOptions.Default.PodNetworkIPv6;

    /// <summary>ClusterIPs of Services are of this network.</summary>
    public IPNetwork ServiceNetworkIPv4 { get; init; } = ServiceRanges.Default.NetworkIPv4;

    /// <summary>As <see cref="ServiceNetworkIPv4"/>.</summary>
    public IPNetwork ServiceNetworkIPv6 { get; init; } = ServiceRanges.Default.NetworkIPv6;

    /// <summary>Where a Service of type LoadBalancer without an address gets one. Null: nowhere.</summary>
    public IPNetwork? LoadBalancerPoolIPv4 { get; init; }

    /// <summary>As <see cref="LoadBalancerPoolIPv4"/>.</summary>
    public IPNetwork? LoadBalancerPoolIPv6 { get; init; }

    /// <summary>Whether a name server is built in where there are Services.</summary>
    public bool Dns { get; init; } = true;

    /// <summary>Name servers that are asked for names outside the cluster. Empty: those are refused.</summary>
    public IReadOnlyList<IPEndPoint> DnsUpstreams { get; init; } = [];

    /// <summary>Who runs the programs of pods.</summary>
    public RuntimeKind Runtime { get; init; }

    /// <summary>Where the Kubernetes API is served; null: nowhere. Port 0: a free one.</summary>
    public IPEndPoint? KubernetesApi { get; init; }

    /// <summary>A file with the certificate whose holder signs the certificates of clients. Null: tokens alone are
    /// asked
    /// for, and the API is served on loopback alone.</summary>
    public string? KubernetesApiClientAuthority { get; init; }

    /// <summary>A group, by name or number, whose members may do everything; root always may.</summary>
    public string? AdminGroup { get; init; }

    /// <summary>A group, by name or number, whose members may read.</summary>
    public string? ReadGroup { get; init; }

    /// <summary>An OTLP endpoint for metrics (http/protobuf), such as http://127.0.0.1:4318. Null: none.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>The lowest level that is logged: Debug, Information, Warning or Error.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>
    /// Reads the options again from where these came from. SIGHUP takes <see cref="LogLevel"/>, <see
    /// cref="AdminGroup"/> and <see cref="ReadGroup"/> from the result.
    /// </summary>
    internal Func<DaemonOptions>? ReadAgain { get; init; }

    /// <summary>The program that is started as name server.</summary>
    internal string Program { get; init; } = Environment.ProcessPath!;

    /// <summary>The program that is started as supervisor of the programs of pods.</summary>
    internal string Supervisor { get; init; } = SupervisorProcess.Beside;

    internal bool IsHost => Node == "host";

    internal bool IsSimulated => Node == "simulated";

    internal NodeOptions Addresses => new()
    {
        PodNetworkIPv4 = PodNetworkIPv4,
        PodNetworkIPv6 = PodNetworkIPv6,
        // Nothing could run in a pod of the tables alone.
        HasNameServer = Dns && !IsSimulated,
        Services = new ServiceRanges
        {
            NetworkIPv4 = ServiceNetworkIPv4,
            NetworkIPv6 = ServiceNetworkIPv6,
            PoolIPv4 = LoadBalancerPoolIPv4,
            PoolIPv6 = LoadBalancerPoolIPv6,
        },
    };

    internal LiveNodeOptions LiveNode => new()
    {
        Name = NodeName,
        Kind = IsHost ? NodeKind.Host : IsSimulated ? NodeKind.Simulated : NodeKind.Private,
        Masquerade = Masquerade,
        ShortWay = ShortWay,
        Addresses = Addresses,
    };
}
