using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Matrix;

/// <summary>
/// Which destinations a default probe is shown for: pods that it is about, and all that are not pods. A pod that no
/// probe is about is shown with every probe where it is named, or where there is nothing else to show.
/// </summary>
internal sealed class MatrixCrossing
{
    /// <summary>Largest number of pods named in a note.</summary>
    private const int MostNamed = 3;

    private readonly CrossedPorts _ports;
    private readonly bool _showsAll;
    private readonly List<MatrixEnd> _portless;

    /// <param name="areNamed">True if the command line names the destinations.</param>
    public MatrixCrossing(Cluster cluster, IReadOnlyCollection<Probe> probes, MatrixEnds ends, bool areNamed)
    {
        _ports = new CrossedPorts(cluster, probes);
        var pods = ends.Destinations.OfType<PodEndpoint>().ToLookup(_ports.HasAny);
        _showsAll = areNamed || !pods[true].Any();
        _portless = [.. pods[false].Select(MatrixEnd.Of)];
    }

    /// <summary>The destinations that are in no table; null: none.</summary>
    public string? LeftOut => _showsAll || _portless.Count == 0 ? null
        : $"no column for {string.Join(", ", _portless.Take(MostNamed).Select(end => end.Name))}"
            + (_portless.Count > MostNamed ? $" and {_portless.Count - MostNamed} more" : "")
            + ", for which no port is declared or named; --probe or --to asks for "
            + (_portless.Count == 1 ? "it" : "them");

    public bool Has(Probe probe, Endpoint to) => to is not PodEndpoint pod || _ports.Has(pod, probe)
        || (_showsAll && !_ports.HasAny(pod));
}
