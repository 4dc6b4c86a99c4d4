using System.Net;
using System.Net.Sockets;

namespace Dataplane.Policy.Model;

public static class AddressFamilies
{
    private static readonly PerFamily<IPNetwork> AllAddresses = new(new(IPAddress.Any, 0), new(IPAddress.IPv6Any, 0));

    /// <summary>Both, IPv4 first: the order of every listing.</summary>
    public static IReadOnlyList<AddressFamily> All { get; } = [AddressFamily.InterNetwork,
        AddressFamily.InterNetworkV6];

    /// <summary>The length of an address, which is that of the longest prefix: 32 or 128.</summary>
    public static int Bits(this AddressFamily family) => family switch
    {
        AddressFamily.InterNetwork => 32,
        AddressFamily.InterNetworkV6 => 128,
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, null),
    };

    /// <summary>The network of all addresses: 0.0.0.0/0 or ::/0.</summary>
    public static IPNetwork Everywhere(this AddressFamily family) => AllAddresses[family];

    /// <summary><c>IPv4</c> or <c>IPv6</c>.</summary>
    public static string Text(this AddressFamily family) => family switch
    {
        AddressFamily.InterNetwork => "IPv4",
        AddressFamily.InterNetworkV6 => "IPv6",
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, null),
    };
}
