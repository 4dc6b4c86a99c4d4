using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Dataplane.Kubernetes.Validation;

/// <summary>Addresses and CIDRs in one spelling only: what two programs could read differently is refused.</summary>
internal static class Addresses
{
    /// <summary>An IPv4 address in four decimal numbers, or an IPv6 address without zone.</summary>
    /// <returns>Null when <paramref name="address"/> was read; otherwise what is wrong.</returns>
    public static string? Parse(string text, out IPAddress address)
    {
        address = IPAddress.None;
        if (!text.Contains(':'))
        {
            return ParseIPv4(text, ref address);
        }
        // The framework also takes zones, brackets and ports; a manifest may not hold them.
        if (text.Any(c => !char.IsAsciiHexDigit(c) && c is not (':' or '.')) || !IPAddress.TryParse(text, out var v6)
            || v6.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return "not an IPv6 address";
        }
        if (v6.IsIPv4MappedToIPv6)
        {
            return $"an IPv4 address written as IPv6; write {v6.MapToIPv4()}";
        }
        address = v6;
        return null;
    }

    /// <summary>A CIDR; host bits are accepted and masked off, as the API server accepts them.</summary>
    public static string? ParseCidr(string text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/');
        if (slash < 0)
        {
            return Parse(text, out var single) is null
                ? "an address without prefix length; write "
                    + $"{text}/{Bits(single)}"
                : "not a CIDR such as 10.0.0.0/8 or fd00::/64";
        }
        if (Parse(text[..slash], out var address) is { } wrong)
        {
            return wrong;
        }
        var bits = Bits(address);
        if (text.Length - slash - 1 is 0 or > 3
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || length > bits)
        {
            return $"the prefix length must be 0 to {bits}";
        }
        network = new IPNetwork(Mask(address, length), length);
        return null;
    }

    /// <summary>
    /// Whether <paramref name="inner"/> lies in <paramref name="outer"/> and is smaller: what ipBlock.except requires.
    /// </summary>
    public static bool IsStrictSubset(IPNetwork inner, IPNetwork outer)
        => inner.BaseAddress.AddressFamily == outer.BaseAddress.AddressFamily
           && inner.PrefixLength > outer.PrefixLength && outer.Contains(inner.BaseAddress);

    /// <summary>Why a pod cannot have the address; null where it can.</summary>
    public static string? NotForPods(IPAddress address)
    {
        if (IPAddress.IsLoopback(address))
        {
            return "a loopback address";
        }
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return address.IsIPv6Multicast ? "a multicast address"
                : address.IsIPv6LinkLocal ? "a link-local address"
                : address.Equals(IPAddress.IPv6Any) ? "the unspecified address" : null;
        }
        var bytes = address.GetAddressBytes();
        return bytes[0] == 0 ? "in 0.0.0.0/8, which no host can have"
            : bytes[0] >= 224 ? "a multicast, reserved or broadcast address"
            : bytes[0] == 169 && bytes[1] == 254 ? "a link-local address" : null;
    }

    private static string? ParseIPv4(string text, ref IPAddress address)
    {
        var parts = text.Split('.');
        var bytes = new byte[4];
        if (parts.Length != 4)
        {
            return "not an IP address";
        }
        for (var i = 0; i < 4; i++)
        {
            if (parts[i].Length > 3 || !byte.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture,
                out bytes[i]))
            {
                return "not an IPv4 address: four numbers 0 to 255";
            }
            if (parts[i].Length > 1 && parts[i][0] == '0')
            {
                return "leading zeros are read as octal by some programs; leave them out";
            }
        }
        address = new IPAddress(bytes);
        return null;
    }

    private static IPAddress Mask(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var keep = Math.Clamp(length - (8 * i), 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - keep));
        }
        return new IPAddress(bytes);
    }

    private static int Bits(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
}
