using System.Net;
using Dataplane.Kubernetes.Assertions;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Assertions;

/// <summary>
/// Resolves the names and selections of an assertion file to endpoints; one that matches nothing is a problem.
/// </summary>
internal sealed class EndpointPatterns(Cluster cluster, QuestionNames names)
{
    private readonly List<Diagnostic> _problems = [];

    public IReadOnlyList<Diagnostic> Problems => _problems;

    public void Report(SourcePosition position, string message, string? note = null) =>
        _problems.Add(new Diagnostic(Codes.InvalidValue, Severity.Error, message, position, 1, null, note, null));

    public Probe? Probe(PortPattern pattern)
    {
        if (ProbeText.TryParse(pattern.Text, out var probe, out var error))
        {
            return probe;
        }
        Report(pattern.Position, error);
        return null;
    }

    /// <summary>The Service that a destination means; null: it means none, or one that is not there.</summary>
    public PlacedService? Service(EndpointPattern pattern) =>
        pattern.Text is { } text ? names.Service(text, out _) : null;

    /// <summary>
    /// A group for every pod of a selection and every piece of a network; for a name, all that it stands for.
    /// </summary>
    public IReadOnlyList<EndpointGroup> Find(EndpointPattern pattern, bool isDestination)
    {
        if (pattern.Labels is { } labels)
        {
            var pods = cluster.Pods
                .Where(pod => (pattern.Namespace is null || pod.Pod.Namespace == pattern.Namespace)
                    && labels.Matches(pod.Pod.Labels))
                .OrderBy(pod => pod.Name, StringComparer.Ordinal).ToList();
            if (pods.Count == 0)
            {
                Report(pattern.Position,
                    $"no pod {(pattern.Namespace is { } named ? $"of namespace {named}" : "of any namespace")} has "
                    + $"{labels.Text()}");
            }
            return [.. pods.Select(EndpointGroup.Of)];
        }
        if (pattern.Text!.Contains('/') && IPNetwork.TryParse(pattern.Text, out var network))
        {
            return [.. Samples(network).Select(EndpointGroup.Of)];
        }
        var resolution = names.Find(pattern.Text, isDestination);
        if (resolution.Group is { } group)
        {
            return [group];
        }
        names.Service(pattern.Text, out var noService);
        Report(pattern.Position, noService ?? resolution.Error!);
        return [];
    }

    /// <summary>
    /// An address of every piece that the blocks of the policies cut the network into, and its last one. Pods and the
    /// node whose address lies in it are left out: they are named otherwise.
    /// </summary>
    private List<Endpoint> Samples(IPNetwork network)
    {
        var family = network.BaseAddress.AddressFamily;
        var range = AddressRange.Of(network);
        var taken = cluster.Pods.Select(pod => pod.Address(family)).OfType<IPAddress>()
            .Concat(cluster.NodeAddresses).ToHashSet();
        var starts =
            new SortedSet<UInt128>(ClusterBlocks.Of(cluster).Where(block => block.BaseAddress.AddressFamily == family)
            .Select(AddressRange.Of)
            .SelectMany(block => block.Last == AddressRange.Highest(family)
                ? [block.First] : new[] { block.First, block.Last + 1 })
            .Where(start => start > range.First && start <= range.Last)) { range.First, range.Last };
        List<ExternalEndpoint> all = [.. starts.Select(start => AddressRange.ToAddress(start, family))
            .Where(address => !taken.Contains(address)).Select(address => new ExternalEndpoint(address))];
        // Nobody is there; where the network has none but these, they are what is asked about.
        return all.Exists(end => !cluster.IsNobody(end)) ? [.. all.Where(end => !cluster.IsNobody(end))] : [.. all];
    }
}
