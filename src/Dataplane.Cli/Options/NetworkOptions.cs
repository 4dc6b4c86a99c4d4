using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Net.Sockets;
using Dataplane.Cli.Terminal;
using Dataplane.Planning;
using Dataplane.Planning.Services;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Options;

/// <summary>The networks that pods and Services get their addresses from.</summary>
internal sealed class NetworkOptions
{
    /// <summary>The shortest networks of each family: room for a gateway and a pod; for the tenth address, which is the
    /// name server's; for one address.</summary>
    private const int PodBits = 2, ServiceBits = 4, PoolBits = 0;

    public Option<IPNetwork[]> Pods { get; } = new("--pod-cidr")
    {
        HelpName = "CIDR",
        CustomParser = result => Parse(result, "--pod-cidr", "pod network", PodBits, "for a gateway and a pod"),
        Description = "Where pods without an address of their own get one;\ndefault "
            + $"{NodeOptions.Default.PodNetworkIPv4} and {NodeOptions.Default.PodNetworkIPv6}",
    };

    public Option<IPNetwork[]> Services { get; } = new("--service-cidr")
    {
        HelpName = "CIDR",
        CustomParser = result => Parse(
            result, "--service-cidr", "service network", ServiceBits, "for its tenth address, the name server's"),
        Description = "Where Services have their ClusterIPs;\ndefault "
            + $"{ServiceRanges.Default.NetworkIPv4} and {ServiceRanges.Default.NetworkIPv6}",
    };

    public Option<IPNetwork[]> Pools { get; } = new("--load-balancer-pool")
    {
        HelpName = "CIDR",
        CustomParser = result => Parse(
            result, "--load-balancer-pool", "pool of load balancers", PoolBits, "for an address"),
        Description = "Where Services of type LoadBalancer get an address,\nif their manifests name none; "
            + "default nowhere",
    };

    public IReadOnlyList<Option> All => [Pods, Services, Pools];

    public void AddTo(Command command)
    {
        foreach (var option in All) command.Add(option);
    }

    /// <exception cref="CommandFailure">Two networks have addresses in common.</exception>
    public NodeOptions Of(ParseResult parsed)
    {
        var node = NodeOptions.Default;
        foreach (var network in parsed.GetValue(Pods) ?? []) node = node.With(network);
        var services = node.Services;
        foreach (var network in parsed.GetValue(Services) ?? []) services = services.With(network);
        foreach (var pool in parsed.GetValue(Pools) ?? []) services = services.WithPool(pool);
        node = node with { Services = services };
        return node.Overlap() is { } overlap ? throw new CommandFailure(ExitCodes.Usage, overlap) : node;
    }

    /// <summary>The networks as options of the daemon are called, with their values; an option names one of each
    /// family.</summary>
    public IEnumerable<KeyValuePair<string, string>> ForDaemon(ParseResult parsed) =>
    [
        .. Named("podNetwork", parsed.GetValue(Pods)), .. Named("serviceNetwork", parsed.GetValue(Services)),
        .. Named("loadBalancerPool", parsed.GetValue(Pools)),
    ];

    private static IEnumerable<KeyValuePair<string, string>> Named(string name, IPNetwork[]? networks) =>
        (networks ?? []).Select(network =>
            KeyValuePair.Create($"{name}{network.BaseAddress.AddressFamily.Text()}", network.ToString()));

    private static IPNetwork[] Parse(ArgumentResult result, string option, string what, int leastBits, string room)
    {
        var networks = new List<IPNetwork>();
        foreach (var token in result.Tokens)
        {
            if (WhyNot(token.Value, networks, what, leastBits, room, out var network) is { } why)
                result.AddError($"{option} {token.Value}: {why}");
            else networks.Add(network);
        }
        return [.. networks];
    }

    private static string? WhyNot(string text, List<IPNetwork> before, string what, int leastBits, string room,
        out IPNetwork network)
    {
        if (!IPNetwork.TryParse(text, out network))
            return "no network; write it like 10.244.0.0/16 or fd00:10:244::/64";
        var family = network.BaseAddress.AddressFamily;
        var bits = family.Bits();
        if (network.PrefixLength > bits - leastBits) return $"too small {room}; at most /{bits - leastBits}";
        if (IPAddress.IsLoopback(network.BaseAddress) || network.BaseAddress.IsIPv6Multicast
            || (family == AddressFamily.InterNetwork
                && network.BaseAddress.GetAddressBytes()[0] is 0 or 127 or >= 224))
        {
            return "not a network of unicast addresses";
        }
        return before.Exists(n => n.BaseAddress.AddressFamily == family)
            ? $"there is an {family.Text()} {what} already"
            : null;
    }
}
