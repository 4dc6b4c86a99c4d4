using System.Net.Sockets;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Sampling;

/// <summary>
/// The endpoints of one family that flows of a matrix begin or end at, grouped by the class they have there.
/// </summary>
internal sealed class EndpointGroups
{
    private readonly List<Endpoint[]> _sources, _destinations;

    /// <param name="endpoints">In the order of the matrix.</param>
    public EndpointGroups(CompiledEvaluator evaluator, IEnumerable<Endpoint> endpoints, AddressFamily family)
    {
        Family = family;
        Endpoints = [.. endpoints.Where(e => e.AddressIn(family) is not null)];
        _sources = [.. Endpoints.GroupBy(e => evaluator.AsSource(e, family)).Select(g => g.ToArray())];
        _destinations = [.. Endpoints.GroupBy(e => evaluator.AsDestination(e, family)).Select(g => g.ToArray())];
    }

    public AddressFamily Family { get; }

    /// <summary>Those that have an address of the family.</summary>
    public IReadOnlyList<Endpoint> Endpoints { get; }

    /// <summary>How many flows there are for one probe.</summary>
    public long Flows
    {
        get
        {
            var externals = Endpoints.LongCount(e => e is ExternalEndpoint);
            return (long)Endpoints.Count * Endpoints.Count - externals * externals;
        }
    }

    /// <summary>
    /// Pairs of classes, those without a flow included. The last destination of each source is the source itself.
    /// </summary>
    public long Pairs => (long)_sources.Count * (_destinations.Count + 1);

    /// <summary>
    /// The members of a pair, by its number below <see cref="Pairs"/>; null where no flow goes from one to the other.
    /// </summary>
    public ClassPair? Pair(long number)
    {
        var sources = _sources[(int)(number / (_destinations.Count + 1))];
        var destination = (int)(number % (_destinations.Count + 1));
        if (destination == _destinations.Count)
            return sources[0] is ExternalEndpoint ? null : new ClassPair(sources, null);
        var pair = new ClassPair(sources, _destinations[destination]);
        return pair.HasFlow ? pair : null;
    }
}

/// <summary>Sources of one class, and destinations of one class that are not the source.</summary>
/// <param name="Destinations">Null: the source itself.</param>
internal readonly record struct ClassPair(Endpoint[] Sources, Endpoint[]? Destinations)
{
    public bool HasFlow => Destinations is null
        || (!(Sources[0] is ExternalEndpoint && Destinations[0] is ExternalEndpoint)
            && !(Sources.Length == 1 && Destinations.Length == 1 && Sources[0] == Destinations[0]));

    /// <summary>A random source and a random destination other than it.</summary>
    public (Endpoint From, Endpoint To) Choose(Random random)
    {
        while (true)
        {
            var from = Sources[random.Next(Sources.Length)];
            var to = Destinations is null ? from : Destinations[random.Next(Destinations.Length)];
            if (Destinations is null || from != to) return (from, to);
        }
    }
}
