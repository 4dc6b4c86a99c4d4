using System.Net;
using Dataplane.Policy.Model;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables;
using Dataplane.Rules.Nftables.Parts;
using Dataplane.Services.Compilation;
using Dataplane.Services.Tables;

namespace Dataplane.Node.Programming;

/// <content>Services: their table, and the addresses at which the node offers NodePorts.</content>
internal sealed partial class RulesetProgrammer
{
    /// <summary>Null where <see cref="_compiler"/> is.</summary>
    private ServiceCompiler? _services;

    private ServiceTable? _givenBefore;

    /// <summary>Loaded by the next <see cref="Program"/> instead of what is compiled, for tests of the rules alone.
    /// </summary>
    public ServiceTable? Given { get; set; }

    /// <summary>The programmed addresses at which the node offers NodePorts.</summary>
    public IReadOnlyList<IPAddress> NodeAddresses { get; private set; } = [];

    /// <summary>The programmed frontends and their backends.</summary>
    public ServingBackends Serving { get; private set; } = new();

    /// <summary>What the kernel has of Services.</summary>
    public ServiceElements ServiceElements => new(
        Count(SetNames.Frontend, SetNames.FrontendOutside, SetNames.NodePort, SetNames.NodePortOutside),
        Count(SetNames.Pool), Count(SetNames.Slot));

    private int Count(params string[] names) => names.Sum(name => _tables.Count(_fills, name));

    /// <summary>Goes on to the next table; the caller goes back if the kernel refuses.</summary>
    private (ServiceChange Change, NodeAddressChange NodeAddresses, bool SameRules) NextServices(Cluster next)
    {
        // At a start and after a refusal the numbers are those of the kernel, which remembers clients by them.
        if (_services is null)
            (_services, _givenBefore, Serving) = (new ServiceCompiler(KernelServices.Numbers(Socket)), null, new());
        var change = _services.Update(next);
        if (Given is { } given)
        {
            change = ServiceDifference.Between(_givenBefore ?? ServiceTable.Empty, given);
            _givenBefore = given;
        }
        IReadOnlyList<IPAddress> addresses = [.. _node.ServingAddresses(next.Node)];
        var nodes = new NodeAddressChange([.. NodeAddresses.Except(addresses)], [.. addresses.Except(NodeAddresses)]);
        var shape = _tables.Services.With(change.Added);
        var same = ReferenceEquals(shape, _tables.Services);
        if (!same) _tables = new NodeTables(_shape, shape);
        NodeAddresses = addresses;
        return (change, nodes, same);
    }

    /// <summary>The present table.</summary>
    /// <param name="sorted">As people read it; otherwise in no order.</param>
    private ServiceTable Services(bool sorted) => _givenBefore
        ?? (sorted ? _services?.Table : _services?.Content)
        ?? ServiceCompiler.Compile(_enforced!, KernelServices.Numbers(Socket));

    /// <summary>A whole content, with that of Services.</summary>
    private RulesetChange WithServices(RulesetChange whole, ServiceTable services) => whole with
    {
        Services = new ServiceChange(ServiceTable.Empty, services),
        NodeAddresses = new NodeAddressChange([], NodeAddresses),
    };
}
