using System.Net;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Policies;

/// <summary>networking.k8s.io/v1 IPBlock, and the CIDRs of every kind of policy.</summary>
internal static class IpBlockReader
{
    public static readonly FieldTable Table = new("IPBlock", "cidr", "except");

    public static IpBlock? Read(NodeReader at)
    {
        if (at.Mapping(Table) is not { } block || block.Required("cidr") is not { } cidr)
        {
            return null;
        }
        var range = ReadCidr(cidr, slip => block.Mapping.TryGet("except", out _) ? null : MorePeers(block, cidr, slip));
        var except = new List<IPNetwork>();
        foreach (var item in block.Items("except"))
        {
            if (ReadCidr(item, slip => MoreItems(item, slip)) is not { } hole || range is null)
            {
                continue;
            }
            if (WhyNotInside(hole, range.Value) is { } wrong)
            {
                item.Error(Codes.InvalidIpBlock, $"except {hole} must lie inside cidr {range} and be smaller", wrong,
                    "`except` only takes addresses away from its own `cidr`");
                continue;
            }
            except.Add(hole);
        }
        return range is null ? null : new IpBlock(range.Value, except, at.Position);
    }

    /// <summary>One of a list of CIDRs; null, reported, where it is none.</summary>
    public static IPNetwork? ReadItem(NodeReader at) => ReadCidr(at, slip => MoreItems(at, slip));

    /// <param name="several">The edit for a text that stands for several blocks.</param>
    private static IPNetwork? ReadCidr(NodeReader at, Func<CidrSlip, Fix?> several)
    {
        if (at.String() is not { } text)
        {
            return null;
        }
        if (CidrSlip.Of(text, out var network) is { } slip)
        {
            at.Error(Codes.InvalidIpBlock, $"{Quote.Of(text)} is not a valid CIDR", slip.Reason, help: slip.Help,
                fix: slip.Meant switch { [] => null, [var one] => at.Replaced(one), _ => several(slip) });
            return null;
        }
        WarnOfHostBits(at, text, network);
        return network;
    }

    private static string? WhyNotInside(IPNetwork hole, IPNetwork range) =>
        Addresses.IsStrictSubset(hole, range) ? null
            : hole.BaseAddress.AddressFamily != range.BaseAddress.AddressFamily ? "of the other address family"
            : hole.Equals(range) ? "all of it: the block would be empty"
            : Addresses.IsStrictSubset(range, hole) ? "more than all of it: the block would be empty"
            : "not a part of it";

    /// <summary>The API server accepts such a block, masks it, and warns as well.</summary>
    private static void WarnOfHostBits(NodeReader at, string text, IPNetwork network)
    {
        var bits = network.BaseAddress.GetAddressBytes().Length * 8;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        _ = Addresses.Parse(text[..slash], out var address);
        if (!address.Equals(network.BaseAddress))
        {
            Warn($"{text} has bits behind its prefix: it means all of {network}", "masked to the prefix",
                $"write `{network}` for the block, `{address}/{bits}` for the address alone", $"{network}");
        }
        else if (bits == 32 && address.Equals(IPAddress.Any) && network.PrefixLength is > 0 and <= 32)
        {
            Warn($"{network} contains no address that a host can have", "not every address: that is 0.0.0.0/0",
                "write `0.0.0.0/0` for every IPv4 address", "0.0.0.0/0");
        }

        void Warn(string message, string label, string help, string better) =>
            at.Bag.Add(new Diagnostic(Codes.AmbiguousBlock, Severity.Warning, message, at.Position, at.Length, label,
                null, help) { Fix = at.Replaced(better) });
    }

    /// <summary>The other blocks become peers of their own, behind the one that the block stands in.</summary>
    private static Fix? MorePeers(MappingReader block, NodeReader cidr, CidrSlip slip)
    {
        if (block.Self.Outer is not { } peer)
        {
            return null;
        }
        var (text, others) = (cidr.Text, slip.Meant.Skip(1).Select(m => $"{{ipBlock: {{cidr: {m}}}}}"));
        var first = cidr.Replaced(slip.Meant[0]).Edits[0];
        if (text.IsFlow(peer.Position))
        {
            return new Fix(first, YamlText.Insert(text.End(peer.Position, inFlow: true),
                string.Concat(others.Select(o => $", {o}"))));
        }
        if (text.Dash(peer.Position) is not { } dash || peer.Entries.Count > 1)
        {
            return null;
        }
        var last = text.LastLine(text.Place(peer.Position.Line, dash));
        var lines = string.Concat(others.Select(o => $"\n{new string(' ', dash - 1)}- {o}"));
        return new Fix(first, YamlText.Insert(text.EndOf(last), lines));
    }

    /// <summary>The other blocks become items of their own.</summary>
    private static Fix? MoreItems(NodeReader at, CidrSlip slip)
    {
        var between = at.Text.Dash(at.Position) is { } dash ? $"\n{new string(' ', dash - 1)}- " : ", ";
        return at.Replaced(string.Join(between, slip.Meant));
    }
}
