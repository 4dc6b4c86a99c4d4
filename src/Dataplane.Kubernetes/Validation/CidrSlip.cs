using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Dataplane.Kubernetes.Validation;

/// <summary>What is wrong with a text that should be a CIDR, and what was probably meant.</summary>
/// <param name="Reason">A few words.</param>
/// <param name="Help">The remedy; null where none is known.</param>
/// <param name="Meant">The blocks that the help names, in the one spelling that is accepted; empty for none.</param>
internal readonly record struct CidrSlip(string Reason, string? Help, IReadOnlyList<string> Meant)
{
    private const string Shape = "not a CIDR such as 10.0.0.0/8 or fd00::/64";

    /// <summary>More blocks than this are no help.</summary>
    private const int MaxBlocks = 8;

    /// <summary>Null: the text is a CIDR. Host bits are accepted and masked off, as the API server does.</summary>
    public static CidrSlip? Of(string text, out IPNetwork network)
    {
        if (Addresses.ParseCidr(text, out network) is not { } wrong)
        {
            return null;
        }
        return Blanks(text) ?? Several(text) ?? AddressRange.Slip(text) ?? WithoutLength(text) ?? WithLength(text)
            ?? new CidrSlip(wrong, null, []);
    }

    private static CidrSlip? Blanks(string text)
    {
        var without = string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
        if (without == text || !IsCidr(without))
        {
            return null;
        }
        var where = text.Trim() == without ? char.IsWhiteSpace(text[0]) ? "in front" : "at the end" : "inside";
        return One($"a blank {where}", $"write `{without}`", without);
    }

    private static CidrSlip? Several(string text)
    {
        var parts = text.Split([',', ';', ' ', '\t', '\n', '|'],
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var meant = parts.Select(p => IsCidr(p) ? p : WithoutLength(p) is { Meant: [var alone] } ? alone : null)
            .OfType<string>().ToList();
        return parts.Length < 2 || meant.Count != parts.Length ? null
            : new CidrSlip($"{parts.Length} blocks in one text",
                $"write one item for each: {string.Join(" and ", meant.Select(m => $"`{m}`"))}", meant);
    }

    private static CidrSlip? WithoutLength(string text)
    {
        if (text.Contains('/') && !text.Contains("://", StringComparison.Ordinal))
        {
            return null;
        }
        if (text is "0.0.0.0" or "::")
        {
            return One("an address without prefix length, that no host has",
                $"write `{text}/0` for every {(text == "::" ? "IPv6" : "IPv4")} address", $"{text}/0");
        }
        if (Spelled(text) is { } address)
        {
            var alone = $"{address}/{Bits(address)}";
            return One(Addresses.Parse(text, out _) is null ? "an address without prefix length"
                : "an address without prefix length, in another spelling",
                $"write `{alone}` for this address alone, or the prefix length of the block", alone);
        }
        if (text is "*" or "any" or "all" or "Any" or "All")
        {
            return One("no address", "write `0.0.0.0/0` for every IPv4 address, `::/0` for every IPv6 address",
                "0.0.0.0/0");
        }
        var parts = text.Split('.');
        if (parts.Length <= 4 && parts.Any(IsWildcard)
            && parts.SkipWhile(p => !IsWildcard(p)).All(IsWildcard))
        {
            var numbers = parts.TakeWhile(p => !IsWildcard(p)).ToList();
            var block = $"{string.Join('.', numbers.Concat(["0", "0", "0", "0"]).Take(4))}/{8 * numbers.Count}";
            return IsCidr(block) ? One("a block has no wildcards", $"write `{block}`", block) : null;
        }
        if (text.LastIndexOf(':') is var colon and > 0 && Spelled(text[..colon]) is { } host
            && text[(colon + 1)..].All(char.IsAsciiDigit))
        {
            var alone = $"{host}/{Bits(host)}";
            return One("an address with a port", $"write `{alone}`, and the port under `ports:`", alone);
        }
        return IsName(text) ? new CidrSlip("a name, and packets carry addresses",
            "write the addresses behind the name as blocks", []) : null;
    }

    private static CidrSlip? WithLength(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return null;
        }
        var (head, tail) = (text[..slash], text[(slash + 1)..]);
        if (IsName(head))
        {
            return new CidrSlip("a name, and packets carry addresses", "write the addresses behind the name as blocks",
                []);
        }
        if (Spelled(head) is not { } address)
        {
            return null;
        }
        var mapped = head.Contains(':') && !address.Contains(':');
        var bits = mapped ? 128 : Bits(address);
        if (LengthOf(tail, bits) is not { } length)
        {
            return new CidrSlip($"the prefix length of an {(bits == 32 ? "IPv4" : "IPv6")} block is 0 to {bits}", null,
                []);
        }
        if (mapped && (length -= 96) < 0)
        {
            return new CidrSlip("IPv4 addresses written as IPv6, and more than those", "write an IPv4 block", []);
        }
        var block = $"{address}/{length}";
        return !IsCidr(block) ? null : One(mapped ? "IPv4 addresses written as IPv6"
            : tail.Contains('.') ? "a mask in place of a prefix length"
            : head.Split('.').Length < 4 && !head.Contains(':') ? "an IPv4 address has four numbers"
            : head.Split('.').Any(p => p.Length > 1 && p[0] == '0')
                ? "leading zeros are read as octal by some programs" : Shape, $"write `{block}`", block);
    }

    /// <summary>The address in the spelling that is accepted; null where the text is none.</summary>
    private static string? Spelled(string text)
    {
        if (text.StartsWith('[') && text.EndsWith(']'))
        {
            text = text[1..^1];
        }
        if (text.Contains(':'))
        {
            var zone = text.IndexOf('%', StringComparison.Ordinal);
            return Addresses.Parse(zone < 0 ? text : text[..zone], out var v6) is null ? v6.ToString()
                : IPAddress.TryParse(text, out var parsed) && parsed.IsIPv4MappedToIPv6
                    ? parsed.MapToIPv4().ToString() : null;
        }
        var parts = text.Split('.');
        if (parts.Length > 4 || parts.Any(p => p.Length is 0 or > 3 || !p.All(char.IsAsciiDigit)))
        {
            return null;
        }
        var full = string.Join('.', parts.Concat(["0", "0", "0"]).Take(4)
            .Select(p => int.Parse(p, CultureInfo.InvariantCulture)));
        return Addresses.Parse(full, out _) is null ? full : null;
    }

    /// <summary>A prefix length, or that of a netmask or of its complement.</summary>
    private static int? LengthOf(string text, int addressBits)
    {
        if (int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return length <= addressBits ? length : null;
        }
        if (addressBits != 32 || Addresses.Parse(text, out var mask) is not null
            || mask.AddressFamily != AddressFamily.InterNetwork)
        {
            return null;
        }
        var bits = BitConverter.ToUInt32([.. mask.GetAddressBytes().Reverse()]);
        var ones = (bits & 0x8000_0000) != 0 || bits == 0 ? bits : ~bits;
        var count = System.Numerics.BitOperations.PopCount(ones);
        return ones == (count == 0 ? 0 : uint.MaxValue << (32 - count)) ? count : null;
    }

    private static CidrSlip One(string reason, string help, string meant) => new(reason, help, [meant]);

    private static bool IsCidr(string text) => Addresses.ParseCidr(text, out _) is null;

    private static bool IsWildcard(string part) => part is "*" or "x" or "X";

    private static int Bits(string address) => address.Contains(':') ? 128 : 32;

    private static bool IsName(string text) => text.Contains("://", StringComparison.Ordinal)
        || (text.Any(char.IsAsciiLetter) && !text.Contains(':')
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '*' or '_'));

    /// <summary>Ranges <c>10.0.0.1-10.0.0.9</c> and <c>10.0.0.1-9</c>, as the blocks that make them up.</summary>
    private static class AddressRange
    {
        public static CidrSlip? Slip(string text)
        {
            var dash = text.IndexOf('-', StringComparison.Ordinal);
            if (dash < 0 || Addresses.Parse(text[..dash].Trim(), out var first) is not null)
            {
                return null;
            }
            var tail = text[(dash + 1)..].Trim();
            if (tail.Length > 0 && tail.All(char.IsAsciiDigit) && first.AddressFamily == AddressFamily.InterNetwork)
            {
                tail = $"{string.Join('.', first.ToString().Split('.')[..3])}.{tail}";
            }
            if (Addresses.Parse(tail, out var last) is not null || last.AddressFamily != first.AddressFamily)
            {
                return null;
            }
            var blocks = Blocks(Number(first), Number(last), first.AddressFamily).Take(MaxBlocks + 1).ToList();
            return blocks.Count is 0 or > MaxBlocks
                ? new CidrSlip("a range, and a block has a prefix length", "write the blocks that make up the range",
                    [])
                : new CidrSlip("a range, and a block has a prefix length",
                    $"write {string.Join(", ", blocks.Select(b => $"`{b}`"))}",
                    blocks);
        }

        private static IEnumerable<string> Blocks(UInt128 first, UInt128 last, AddressFamily family)
        {
            var bits = family == AddressFamily.InterNetwork ? 32 : 128;
            while (first <= last)
            {
                var free = first == 0 ? bits : Math.Min(bits, (int)UInt128.TrailingZeroCount(first));
                while (free > 0 && first + ((UInt128.One << free) - 1) > last)
                {
                    free--;
                }
                yield return $"{Address(first, bits)}/{bits - free}";
                var end = first + ((UInt128.One << free) - 1);
                if (end == last)
                {
                    yield break;
                }
                first = end + 1;
            }
        }

        private static UInt128 Number(IPAddress address) =>
            address.GetAddressBytes().Aggregate(UInt128.Zero, (number, b) => (number << 8) | b);

        private static IPAddress Address(UInt128 number, int bits)
        {
            var bytes = new byte[bits / 8];
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)(number >> (bits - 8 - (8 * i)));
            }
            return new IPAddress(bytes);
        }
    }
}
