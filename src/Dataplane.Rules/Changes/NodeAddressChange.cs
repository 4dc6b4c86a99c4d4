using System.Net;

namespace Dataplane.Rules.Changes;

/// <summary>The addresses at which the node offers NodePorts that a change removes and adds.</summary>
public sealed record NodeAddressChange(IReadOnlyList<IPAddress> Removed, IReadOnlyList<IPAddress> Added)
{
    public static readonly NodeAddressChange None = new([], []);
}
