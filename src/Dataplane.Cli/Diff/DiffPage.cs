using System.Net;
using Dataplane.Cli.Input;
using Dataplane.Cli.Page;
using Dataplane.Policy.Diff;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;
using Dataplane.Policy.Selectors;

namespace Dataplane.Cli.Diff;

/// <summary>
/// A diff as a page: its groups, and for the first pair of each why it was and why it is. The rest of the page is about
/// the new side.
/// </summary>
internal sealed class DiffPage(ClusterInput before, ClusterInput after)
{
    public PageDocument Of(PageDocument head, ClusterDiff diff)
    {
        var page = new PageBuilder(after.Cluster, after.Sources);
        foreach (var change in diff.Objects.Where(o => o.Change == ObjectChangeKind.Removed))
            page.Files.AddObject(before.Sources, change.Position);
        var document = new PageDiff(Groups(diff.Opened), Groups(diff.Closed), Groups(diff.Exposure.Opened),
            Groups(diff.Exposure.Closed), [.. diff.Objects.Select(o => new PageObjectChange(
                o.Kind, o.Name, DiffMarkdown.Word(o.Change), o.Position.File, o.Position.Line))]);
        return page.Build(head with
        {
            Diff = document,
            Notes = diff.NotCompared == 0 ? head.Notes :
                [.. head.Notes, $"{diff.NotCompared} selections of pods that are not loaded were not compared"],
        });
    }

    private IReadOnlyList<PageChange> Groups(IReadOnlyList<FlowChange> changes) =>
    [
        .. changes.Select(change => new PageChange(
            change.FromText, change.ToText, change.From, change.To, change.PortsText,
            [.. change.Families.Select(f => f.Text())], Reason(before.Cluster, change), Reason(after.Cluster, change))),
    ];

    private static PageAnswer? Reason(Cluster cluster, FlowChange change)
    {
        var (from, to) = change.From.SelectMany(_ => change.To, (from, to) => (from, to))
            .FirstOrDefault(pair => pair.from != pair.to);
        var family = change.Families[0];
        if (End(cluster, from) is not { } source || End(cluster, to) is not { } destination
            || source.AddressIn(family) is null || destination.AddressIn(family) is null
            || (source is ExternalEndpoint && destination is ExternalEndpoint))
        {
            return null;
        }
        var range = change.Ports[0];
        return PageReasons.Answer(cluster, new Flow(
            source, destination, new Probe(range.Protocol ?? FlowProtocol.Tcp, range.First), family));
    }

    /// <summary>A pod, the node, or the first address of a block; null: a selection of pods that are not
    /// loaded.</summary>
    private static Endpoint? End(Cluster cluster, string? name) => name is null ? null
        : EndNames.KindOf(name) == EndKind.Cidr ? new ExternalEndpoint(IPNetwork.Parse(name).BaseAddress)
        : EndpointNames.Resolve(cluster, name).Endpoint;
}
