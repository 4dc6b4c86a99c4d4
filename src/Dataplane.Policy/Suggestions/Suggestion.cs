using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Suggestions;

/// <summary>Edits that together give a flow the wanted verdict; the oracle has said so of the edited cluster.</summary>
public sealed record Suggestion(IReadOnlyList<SuggestedEdit> Edits)
{
    /// <summary>
    /// The smallest edit that would allow (or deny) the flow, counted in lines to write: one edit where one will do,
    /// else one for each side. Empty edits: it is so already. Null: nothing would, as for a pod to itself or for the
    /// node to a pod.
    /// </summary>
    /// <exception cref="ArgumentException">As <see cref="Oracle.Evaluate"/>.</exception>
    public static Suggestion? Find(Cluster cluster, Flow flow, bool allow)
    {
        var verdict = Oracle.Evaluate(cluster, flow);
        if (verdict.Allowed == allow)
        {
            return new Suggestion([]);
        }
        var sides = new[] { verdict.Leaving, verdict.Entering }.Where(side => !allow || !side.Allowed)
            .Select(side => Candidates(cluster, flow, side, allow).OrderBy(candidate => candidate.Lines).ToList())
                .ToList();
        var single = sides.SelectMany(edits => edits).OrderBy(edit => edit.Lines).FirstOrDefault(edit => Gives([edit]));
        if (single is not null)
        {
            return new Suggestion([single.Edit]);
        }
        if (!allow || sides.Count < 2)
        {
            return null;
        }
        var pairs = from first in sides[0] from second in sides[1] orderby first.Lines
            + second.Lines select new[] { first, second };
        return pairs.FirstOrDefault(Gives) is { } pair ? new Suggestion([.. pair.Select(edit => edit.Edit)]) : null;

        bool Gives(IReadOnlyList<CandidateEdit> edits)
        {
            var edited = edits.Aggregate(cluster, (before, edit) => edit.Apply(before));
            return Oracle.Evaluate(edited, flow with { From = Now(flow.From), To = Now(flow.To) }).Allowed == allow;

            Endpoint Now(Endpoint endpoint) =>
                endpoint is PodEndpoint ? edited.Pods.First(pod => pod.Name == endpoint.Name) : endpoint;
        }
    }

    private static IEnumerable<CandidateEdit> Candidates(Cluster cluster, Flow flow, SideVerdict side, bool allow)
    {
        var question = new SideQuestion(cluster, flow, side.Direction);
        return allow ? OpeningEdits.For(question, side) : ClosingEdits.For(question, side);
    }
}

/// <summary>One edit in words, such as <c>add to ingress[0].ports: {protocol: TCP, port: 80}</c>.</summary>
/// <param name="Object">What to edit: <c>NetworkPolicy x/allow</c>; for a new object its kind and name.</param>
/// <param name="Position">Where; null for a new object.</param>
public sealed record SuggestedEdit(string Object, SourcePosition? Position, string Text)
{
    public override string ToString() =>
        Position is { } at ? $"{Object} ({at.File}:{at.Line}): {Text}" : $"{Object}: {Text}";
}

/// <param name="Lines">Roughly what there is to write.</param>
internal sealed record CandidateEdit(int Lines, SuggestedEdit Edit, Func<Cluster, Cluster> Apply);
