using System.Net;
using Dataplane.Policy.Model;

namespace Dataplane.Planning.Services;

/// <summary>
/// ClusterIPs that one Service has in every cluster: the first is the API server's, and the tenth is, by custom, the
/// name server's, which pods are told before there is a name.
/// </summary>
internal static class ReservedAddresses
{
    /// <summary>The number of the last one in its network.</summary>
    public const int Last = 10;

    private const string ApiServer = "default/kubernetes", NameServer = "kube-system/kube-dns";

    /// <summary>The address of a Service; null: it has none by custom, or the network is too small.</summary>
    public static IPAddress? Of(string service, IPNetwork network) =>
        service switch { ApiServer => 1, NameServer => Last, _ => 0 } is var number and > 0
            && Nth(network, number) is var address && network.Contains(address) ? address : null;

    /// <summary>The Service that an address is kept for; null: everybody's.</summary>
    public static string? KeptFor(IPAddress address, IPNetwork network) =>
        address.Equals(Nth(network, 1)) ? ApiServer : address.Equals(Nth(network, Last)) ? NameServer : null;

    private static IPAddress Nth(IPNetwork network, int number) => AddressRange.ToAddress(
        AddressRange.Of(network).First + (UInt128)number, network.BaseAddress.AddressFamily);
}
