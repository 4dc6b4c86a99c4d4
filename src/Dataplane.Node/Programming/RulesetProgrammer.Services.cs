using System.Net;
using Dataplane.Policy.Model;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables;
using Dataplane.Services.Tables;

namespace Dataplane.Node.Programming;

/// <content>Services: their table, and the addresses at which the node offers NodePorts.</content>
internal sealed partial class RulesetProgrammer
{
    private ServiceTable _programmedServices = ServiceTable.Empty;
    private ServiceChange _serviceChange = ServiceChange.None;

    /// <summary>The compiled Services: those in the kernel, or those that the next <see cref="Program"/> loads.</summary>
    public ServiceTable Services { get; set; } = ServiceTable.Empty;

    /// <summary>The programmed addresses at which the node offers NodePorts.</summary>
    public IReadOnlyList<IPAddress> NodeAddresses { get; private set; } = [];

    /// <summary>What the last <see cref="Program"/> has changed; nothing when it is asked again.</summary>
    public ServiceChange TakeServiceChange()
    {
        var taken = _serviceChange;
        _serviceChange = ServiceChange.None;
        return taken;
    }

    /// <summary>Goes on to the next table; the caller goes back if the kernel refuses.</summary>
    private (ServiceChange Change, NodeAddressChange NodeAddresses, bool SameRules) NextServices(Cluster next)
    {
        IReadOnlyList<IPAddress> addresses = [.. _node.ServingAddresses(next.Node)];
        var change = ServiceDifference.Between(_programmedServices, Services);
        var nodes = new NodeAddressChange([.. NodeAddresses.Except(addresses)], [.. addresses.Except(NodeAddresses)]);
        var shape = _tables.Services.With(Services);
        var same = ReferenceEquals(shape, _tables.Services);
        if (!same) _tables = new NodeTables(_shape, shape);
        (_programmedServices, NodeAddresses) = (Services, addresses);
        return (change, nodes, same);
    }

    /// <summary>A whole content, with that of Services.</summary>
    private RulesetChange WithServices(RulesetChange whole) => whole with
    {
        Services = new ServiceChange(ServiceTable.Empty, _programmedServices),
        NodeAddresses = new NodeAddressChange([], NodeAddresses),
    };
}
