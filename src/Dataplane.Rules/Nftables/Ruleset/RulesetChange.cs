using System.Net.Sockets;
using Dataplane.Policy.Compilation.Tables;

namespace Dataplane.Rules.Nftables.Ruleset;

/// <summary>An address as it is attached, before and after a change; null: it is not. What is the same in both has no elements to change.</summary>
public readonly record struct AddressChange(PortAddress? Before, PortAddress? After);

/// <summary>What leads from one content of the sets to another. A whole content leads there from nothing.</summary>
/// <param name="IPv4">Every address once.</param>
/// <param name="IPv6">Every address once.</param>
/// <param name="Removed">Its addresses do not count: <paramref name="IPv4"/> and <paramref name="IPv6"/> do.</param>
/// <param name="Added">As <paramref name="Removed"/>.</param>
/// <param name="EpochBefore">Null where there was none, or where it stays.</param>
/// <param name="EpochAfter">Counts the changes that tightened: connections judged in another epoch are judged again. Null where it stays.</param>
public sealed record RulesetChange(
    AddressChange[] IPv4, AddressChange[] IPv6, ClassTable Removed, ClassTable Added, uint? EpochBefore, uint? EpochAfter)
{
    public static readonly ClassTable Nothing = new([], DirectionTable.Empty, DirectionTable.Empty, TierTable.Empty, TierTable.Empty, []);

    /// <param name="ports">Only addresses that are attached: an address without a port has no elements, so it is closed.</param>
    public static RulesetChange Whole(ClassTable classes, IEnumerable<PortAddress> ports, uint epoch)
    {
        List<AddressChange> four = [], six = [];
        foreach (var port in ports) (port.Address.AddressFamily == AddressFamily.InterNetwork ? four : six).Add(new AddressChange(null, port));
        return new RulesetChange([.. four], [.. six], Nothing, classes, null, epoch);
    }

    internal AddressChange[] Addresses(AddressFamily family) => family == AddressFamily.InterNetwork ? IPv4 : IPv6;
}
