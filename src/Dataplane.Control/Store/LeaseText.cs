using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Dataplane.Planning;
using Dataplane.Planning.Services;
using Dataplane.Policy.Model;

namespace Dataplane.Control.Store;

/// <summary>
/// Leases as lines of a file of the store: comments of YAML, a lease on each. Files from before there were leases of
/// Services have no line about them.
/// </summary>
internal sealed class LeaseText
{
    private const string Address = "# address ", Last = "# last addresses ";
    private const string Service = "# service ", LastOfServices = "# last of services ", Nothing = "-";

    private readonly ImmutableDictionary<string, PodAddresses>.Builder _pods =
        ImmutableDictionary.CreateBuilder<string, PodAddresses>();

    private readonly ImmutableDictionary<string, ServiceLease>.Builder _services =
        ImmutableDictionary.CreateBuilder<string, ServiceLease>();

    private ServiceLeases _last = ServiceLeases.None;
    private IPAddress? _last4, _last6;

    public static void Write(TextWriter text, Leases leases)
    {
        foreach (var (pod, addresses) in leases.Pods.OrderBy(l => l.Key, StringComparer.Ordinal))
            text.Write($"{Address}{pod} {Text(addresses.IPv4)} {Text(addresses.IPv6)}\n");
        text.Write($"{Last}{Text(leases.LastIPv4)} {Text(leases.LastIPv6)}\n");
        var services = leases.Services;
        foreach (var (name, lease) in services.Services.OrderBy(l => l.Key, StringComparer.Ordinal))
        {
            var ports = string.Concat(lease.NodePorts.Select(p => $" {p.Key}={Text(p.Value)}"));
            text.Write($"{Service}{name} {Text(lease.ClusterAddresses)} {Text(lease.LoadBalancerAddresses)} "
                + $"{Text(lease.HealthCheckPort)}{ports}\n");
        }
        if (services != ServiceLeases.None)
            text.Write($"{LastOfServices}{Text(services.LastAddresses)} {Text(services.LastNodePort)}\n");
    }

    /// <summary>Whether the line is about leases; it is then taken.</summary>
    /// <exception cref="FormatException">It is one, and is not understood.</exception>
    public bool TryRead(string line)
    {
        if (Words(line, Address) is [var pod, var four, var six])
        {
            _pods[pod] = new PodAddresses(Parsed(four), Parsed(six));
        }
        else if (Words(line, Last) is [var lastFour, var lastSix])
        {
            (_last4, _last6) = (Parsed(lastFour), Parsed(lastSix));
        }
        else if (Words(line, Service) is [var name, var cluster4, var cluster6, var pool4, var pool6, var health,
            .. var ports])
        {
            _services[name] = new ServiceLease(new PerFamily<IPAddress?>(Parsed(cluster4), Parsed(cluster6)),
                new PerFamily<IPAddress?>(Parsed(pool4), Parsed(pool6)), [.. ports.Select(NamedPort)], Port(health));
        }
        else if (Words(line, LastOfServices) is [var service4, var service6, var port])
        {
            _last = new ServiceLeases(_last.Services, new PerFamily<IPAddress?>(Parsed(service4), Parsed(service6)),
                Port(port));
        }
        else
        {
            return false;
        }
        return true;
    }

    /// <summary>What was read.</summary>
    public Leases ToLeases() => new(_pods.ToImmutable(), _last4, _last6)
    {
        Services = _services.Count == 0 && _last == ServiceLeases.None ? ServiceLeases.None
            : _last with { Services = _services.ToImmutable() },
    };

    /// <summary>The words of a line behind its first ones; null: it begins otherwise.</summary>
    public static string[]? Words(string line, string prefix) =>
        line.StartsWith(prefix, StringComparison.Ordinal) ? line[prefix.Length..].TrimEnd('\n').Split(' ') : null;

    private static KeyValuePair<string, ushort> NamedPort(string word) =>
        word.Split('=') is [var name, var number] && Port(number) is { } port ? KeyValuePair.Create(name, port)
            : throw new FormatException($"it has a port of the node that is none: {word}");

    private static string Text(PerFamily<IPAddress?> addresses) => $"{Text(addresses.IPv4)} {Text(addresses.IPv6)}";

    private static string Text(IPAddress? address) => address?.ToString() ?? Nothing;

    private static string Text(ushort? port) => port?.ToString(CultureInfo.InvariantCulture) ?? Nothing;

    private static IPAddress? Parsed(string text) => text == Nothing ? null : IPAddress.Parse(text);

    private static ushort? Port(string text) =>
        text == Nothing ? null : ushort.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
