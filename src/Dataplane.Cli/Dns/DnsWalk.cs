using Dataplane.Cli.Terminal;
using Dataplane.Services.Names;

namespace Dataplane.Cli.Dns;

/// <summary>The way of a resolver from a name to an address.</summary>
internal static class DnsWalk
{
    /// <summary>What getaddrinfo(3) asks for.</summary>
    private static readonly RecordKind[] Asked = [RecordKind.A, RecordKind.Aaaa];

    /// <summary>
    /// Asks for the names of the search path until one has records, or nobody answers: who is not answered does not go
    /// on (res_search of glibc).
    /// </summary>
    /// <param name="ask">All that is asked for one name and type, of as many servers as it takes.</param>
    /// <exception cref="CommandFailure">It is no name in DNS.</exception>
    public static List<DnsStep> Go(
        ResolverSettings settings, string name, Func<string, RecordKind, IReadOnlyList<DnsStep>> ask)
    {
        var all = new List<DnsStep>();
        try
        {
            foreach (var query in settings.Queries(name))
            {
                var steps = Asked.SelectMany(kind => ask(query, kind)).ToList();
                all.AddRange(steps);
                if (steps.Exists(s => s.Records.Count > 0) || !steps.Exists(s => s.IsAnswered)) break;
            }
        }
        catch (FormatException e)
        {
            throw new CommandFailure(ExitCodes.Usage, e.Message);
        }
        return all;
    }
}
