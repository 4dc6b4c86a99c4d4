using System.Net.Sockets;
using Dataplane.Cli.Output;
using Dataplane.Cli.Why;
using Dataplane.Policy.Explanations;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Page;

/// <summary>
/// The answers of <c>why</c> for all cells of a page, each once. Pods that no policy can tell apart are explained once.
/// </summary>
internal sealed class PageReasons(Cluster cluster)
{
    /// <summary>Largest number of flows that are explained: a few seconds, and some megabytes of the page.</summary>
    private const int MostExplained = 25_000;

    /// <summary>For a flow without an explanation.</summary>
    public const int None = -1;

    private readonly Alike _alike = new(cluster);
    private readonly Dictionary<(int, int, bool, Probe, AddressFamily), Explained> _known = [];
    private readonly Dictionary<string, int> _sideNumbers = [];
    private readonly Dictionary<(int, Endpoint), int> _numbers = [];
    private readonly Dictionary<PageReason, int> _places = [];
    private readonly List<PageReason> _reasons = [];
    private readonly List<SideDocument> _sides = [];

    private sealed record Explained(int Number, Explanation Explanation, int Leaving, int Entering);

    public IReadOnlyList<PageReason> Reasons => _reasons;

    public IReadOnlyList<SideDocument> Sides => _sides;

    /// <summary>Number of cells whose reason was left out.</summary>
    public long LeftOut { get; private set; }

    /// <returns>A place in <see cref="Reasons"/>, or <see cref="None"/>.</returns>
    public int Of(Flow flow)
    {
        var key = (_alike.Of(flow.From), _alike.Of(flow.To), flow.From == flow.To, flow.Probe, flow.Family);
        if (!_known.TryGetValue(key, out var explained))
        {
            if (_known.Count >= MostExplained)
            {
                LeftOut++;
                return None;
            }
            var found = Explanation.Of(cluster, flow);
            _known[key] = explained = new Explained(_known.Count, found, Side(found.Leaving), Side(found.Entering));
        }
        var here = explained.Explanation with { Flow = flow };
        var subject = WhyText.Decisive(here).Subject;
        if (_numbers.TryGetValue((explained.Number, subject), out var number)) return number;
        var reason = new PageReason(WhyText.InOneLine(here), explained.Leaving, explained.Entering);
        if (!_places.TryGetValue(reason, out number))
        {
            _places[reason] = number = _reasons.Count;
            _reasons.Add(reason);
        }
        return _numbers[(explained.Number, subject)] = number;
    }

    public static PageAnswer Answer(Cluster cluster, Flow flow)
    {
        var found = Explanation.Of(cluster, flow);
        return new PageAnswer(
            WhyText.InOneLine(found), WhyAnswer.Side(found.Leaving), WhyAnswer.Side(found.Entering));
    }

    private int Side(ExplainedSide side)
    {
        var document = WhyAnswer.Side(side);
        var key = string.Join('\n',
        [
            document.Side, document.Verdict, document.Basis, $"{document.DecidedBy}", $"{document.PassedBy}",
            .. document.IsolatedBy.Select(p => $"{p}"), .. document.Nearest?.Select(n => $"{n}") ?? [],
        ]);
        if (_sideNumbers.TryGetValue(key, out var number)) return number;
        _sides.Add(document);
        return _sideNumbers[key] = _sides.Count - 1;
    }
}
