using System.Net;
using Dataplane.Node.Live;
using Dataplane.Planning;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon;

/// <summary>What a daemon is started with; from flags, environment (DATAPLANE_*) and the configuration file, in this order of precedence.</summary>
public sealed record DaemonOptions
{
    private readonly string? _nodeName;

    /// <summary>
    /// <c>private</c>: the node is a namespace of its own. <c>host</c>: this machine's own. <c>simulated</c>: as private, but its pods are known to
    /// the tables alone, and no packet can be sent.
    /// </summary>
    public string Node { get; init; } = "private";

    /// <summary>
    /// The name of a private node below /run/netns, of its lock, and the beginning of its pods' names. A host node's is another
    /// unless it is given, so that both can be had side by side.
    /// </summary>
    public string NodeName
    {
        get => _nodeName ?? (IsHost ? DefaultHostName : "dataplane");
        init => _nodeName = value;
    }

    /// <summary>What a host node is called unless it is given a name.</summary>
    public const string DefaultHostName = "dataplane-host";

    /// <summary>Of a host node: what pods send outside leaves with an address of the machine's.</summary>
    public bool Masquerade { get; init; } = true;

    /// <summary>At most 107 bytes. Its directory is made with mode 0700 (0750 with a group) if it is not there.</summary>
    public string Socket { get; init; } = Api.ApiPaths.DefaultSocket;

    public string StateDirectory { get; init; } = "/var/lib/dataplane";

    /// <summary>Watched: its manifests are desired state too. Null: none.</summary>
    public string? ManifestDirectory { get; init; }

    public IPNetwork PodNetworkIPv4 { get; init; } = NodeOptions.Default.PodNetworkIPv4;

    public IPNetwork PodNetworkIPv6 { get; init; } = NodeOptions.Default.PodNetworkIPv6;

    /// <summary>A group, by name or number, whose members may do everything; root always may.</summary>
    public string? AdminGroup { get; init; }

    /// <summary>A group whose members may read.</summary>
    public string? ReadGroup { get; init; }

    /// <summary>An OTLP endpoint for metrics (http/protobuf), such as http://127.0.0.1:4318. Null: none.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>The least that is logged: Debug, Information, Warning or Error.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Where these came from, once more: SIGHUP takes <see cref="LogLevel"/>, <see cref="AdminGroup"/> and <see cref="ReadGroup"/> from there.</summary>
    internal Func<DaemonOptions>? ReadAgain { get; init; }

    internal bool IsHost => Node == "host";

    internal bool IsSimulated => Node == "simulated";

    internal LiveNodeOptions LiveNode => new() { Name = NodeName, Kind = IsHost ? NodeKind.Host : IsSimulated ? NodeKind.Simulated : NodeKind.Private, Masquerade = Masquerade, Addresses = Addresses };

    internal NodeOptions Addresses => new() { PodNetworkIPv4 = PodNetworkIPv4, PodNetworkIPv6 = PodNetworkIPv6 };
}
