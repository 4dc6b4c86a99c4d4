using System.Diagnostics.CodeAnalysis;
using Dataplane.Node.Ports;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Verification;

/// <summary>
/// The endpoints of a node that send and receive probes, and the negative control. Disposing closes their sockets and
/// leaves the attachments as they are.
/// </summary>
internal sealed class Stations : IDisposable
{
    private readonly Dictionary<Endpoint, Station> _all = [];

    private readonly Cluster _cluster;

    private Stations(Cluster cluster, Station stranger) => (_cluster, Stranger) = (cluster, stranger);

    /// <summary>The station of the negative control: a port that no rule knows.</summary>
    public Station Stranger { get; }

    /// <param name="stranger">The attachment of the negative control.</param>
    /// <param name="only">
    /// Endpoints that get a station, beside the node and one pod of each family for the controls; null: all endpoints
    /// of the node. An endpoint that is not attached gets none.
    /// </param>
    public static Stations Of(NodePorts node, Cluster cluster, Attachment stranger, IEnumerable<Endpoint>? only = null)
    {
        var stations = new Stations(cluster, Station.Of(stranger));
        stations._all[cluster.Node] = Station.OfNode(cluster.Node);
        var attached = new Dictionary<Endpoint, Attachment>();
        foreach (var attachment in node.Attachments)
            if (attachment.Endpoint is { } endpoint) attached[endpoint] = attachment;
        var wanted = only is null
            ? attached.Keys.Concat(cluster.Pods)
            : only.Concat(AddressFamilies.All.Select(f => Controls.Pod(cluster, f)).OfType<Endpoint>());
        foreach (var endpoint in wanted.Distinct())
        {
            if (attached.TryGetValue(endpoint, out var attachment))
                stations._all[endpoint] = Station.Of(attachment);
            else if (endpoint.IsNodeTraffic() && cluster.Pods.Contains(endpoint))
                stations._all[endpoint] = Station.OfNode(endpoint);
        }
        return stations;
    }

    /// <inheritdoc cref="EndpointFacts.IsNobody"/>
    public bool IsNobody(Endpoint endpoint) => _cluster.IsNobody(endpoint);

    public bool TryGet(Endpoint endpoint, [NotNullWhen(true)] out Station? station) =>
        _all.TryGetValue(endpoint, out station);

    public void Dispose() => Station.Close([.. _all.Values, Stranger]);
}
