using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;
using Dataplane.Services.Tables;

namespace Dataplane.Rules.Changes;

/// <summary>
/// A pod address before and after a change; null: not attached. Elements that are equal on both sides are not changed.
/// </summary>
public readonly record struct AddressChange(PortAddress? Before, PortAddress? After);

/// <summary>
/// The difference between two contents of a ruleset, independent of the backend. A whole content is written as the
/// difference to an empty one.
/// </summary>
/// <param name="Addresses">Every changed address once.</param>
/// <param name="Removed">
/// The removed entries. The addresses in it are not used: see <paramref name="Addresses"/>.
/// </param>
/// <param name="Added">The added entries, as <paramref name="Removed"/>.</param>
/// <param name="EpochBefore">The epoch before the change; null: there was none, or it does not change.</param>
/// <param name="EpochAfter">
/// The epoch after the change; connections judged in another epoch are judged again. Null: it does not change.
/// </param>
public sealed record RulesetChange(
    PerFamily<AddressChange[]> Addresses, ClassTable Removed, ClassTable Added, uint? EpochBefore, uint? EpochAfter)
{
    /// <summary>The entries of Services that are removed and added.</summary>
    public ServiceChange Services { get; init; } = ServiceChange.None;

    /// <summary>The addresses at which the node offers NodePorts that are removed and added.</summary>
    public NodeAddressChange NodeAddresses { get; init; } = NodeAddressChange.None;

    public static readonly ClassTable Nothing =
        new([], DirectionTable.Empty, DirectionTable.Empty, TierTable.Empty, TierTable.Empty, []);

    /// <param name="ports">
    /// The attached addresses only: an address without a port has no elements, so it is closed.
    /// </param>
    public static RulesetChange Whole(ClassTable classes, IEnumerable<PortAddress> ports, uint epoch)
    {
        var addresses = PerFamily.Of(_ => new List<AddressChange>());
        foreach (var port in ports) addresses[port.Address.AddressFamily].Add(new AddressChange(null, port));
        return new RulesetChange(PerFamily.Of(family => addresses[family].ToArray()), Nothing, classes, null, epoch);
    }
}
