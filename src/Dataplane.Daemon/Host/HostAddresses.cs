using System.Net;
using System.Net.NetworkInformation;

namespace Dataplane.Daemon.Host;

/// <summary>The addresses of the machine's interfaces.</summary>
internal static class HostAddresses
{
    /// <summary>As they are now; without those that mean another machine to each that asks: loopback,
    /// link-local.</summary>
    public static IReadOnlyList<IPAddress> Now() =>
        [.. NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(link => link.GetIPProperties().UnicastAddresses).Select(found => found.Address)
            .Where(address => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal).Distinct()
            .OrderBy(address => address.AddressFamily).ThenBy(address => $"{address}", StringComparer.Ordinal)];
}
