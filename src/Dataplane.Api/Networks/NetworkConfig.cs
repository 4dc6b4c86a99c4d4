namespace Dataplane.Api.Networks;

/// <summary>
/// A network configuration for dataplane-cni, as a runtime passes it to the plugin (CNI specification, "Plugin
/// configuration objects").
/// </summary>
/// <param name="Socket">The daemon's.</param>
/// <param name="Namespace">Of pods for which the runtime names none.</param>
/// <param name="Labels">Of pods that no manifest declares.</param>
public sealed record NetworkConfig(
    CniVersion Version, string Name, string Socket, string Namespace, IReadOnlyList<ConfigMember> Labels)
{
    /// <summary>The value of <c>type</c>: the name of the plugin's file.</summary>
    public const string Type = "dataplane-cni";

    /// <summary>The plugin that assigns addresses, the name of its file; null: the daemon does.</summary>
    public string? Ipam { get; init; }

    /// <summary>What the container is to have in its resolv.conf; null: the cluster's.</summary>
    public DnsConfig? Dns { get; init; }

    /// <summary>The addresses that the runtime asks for (capability <c>ips</c>), without prefix lengths.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>What the plugins before this one did; null: there is none, or it is no ADD or CHECK.</summary>
    public ConfigValue? Previous { get; init; }

    /// <summary>Of GC: what stays.</summary>
    public IReadOnlyList<ContainerInterface>? Valid { get; init; }
}

/// <summary>CNI specification, "dns".</summary>
public sealed record DnsConfig(
    IReadOnlyList<string> NameServers, string? Domain, IReadOnlyList<string> Search, IReadOnlyList<string> Options);
