using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Policy.Warnings;

/// <summary>Something a selector might have meant: a pod or a namespace.</summary>
/// <param name="ShortName">metadata.name.</param>
internal readonly record struct Candidate(string Name, string ShortName, IReadOnlyDictionary<string, string> Labels)
{
    public static Candidate Of(PodObject pod) => new($"`{pod.FullName}`", pod.Name, pod.Labels);
}

/// <summary>
/// Why a selector matches nothing: the requirement that fails, what comes nearest to it, and the edit that would repair
/// it.
/// </summary>
internal readonly record struct NearMiss(SelectorRequirement At, string? Text, string? Help)
{
    /// <summary>Objects looked at; a hint is not worth more.</summary>
    private const int MaxCandidates = 1000;

    public static NearMiss OfHostNetwork(SelectorRequirement at, PodObject pod, string consequence)
        => new(at, $"`{pod.FullName}` has hostNetwork: it is the node, and {consequence}", null);

    /// <summary>A pod of another namespace whose name stands where a label's value belongs; null for none.</summary>
    public static NearMiss? OfName(LabelSelector selector, IEnumerable<PodObject> elsewhere)
    {
        var pods = elsewhere.Take(MaxCandidates).ToList();
        foreach (var at in selector.Requirements.Where(r => r.Operator == SelectorOperator.In))
        {
            if (pods.Find(p => at.Values.Contains(p.Name)) is { } named)
            {
                return new NearMiss(at, NotALabel(Candidate.Of(named)),
                    $"select its labels, with a `namespaceSelector` for `{named.Namespace}` in the same item");
            }
        }
        return null;
    }

    /// <param name="selector">Has requirements, and matches none of the candidates.</param>
    /// <param name="what"><c>pod</c> or <c>namespace</c>.</param>
    public static NearMiss Of(LabelSelector selector, IEnumerable<Candidate> among, string what)
    {
        var candidates = among.Take(MaxCandidates).ToList();
        var failing = selector.Requirements.FirstOrDefault(r => candidates.TrueForAll(c => !r.MayMatch(c.Labels)));
        if (failing is null)
        {
            return new NearMiss(selector.Requirements[0],
                $"each of these is on some {what}, and no {what} has them all", null);
        }
        foreach (var value in failing.Operator == SelectorOperator.In ? failing.Values : [])
        {
            if (ByValue(failing, value, candidates, what) is { } found)
            {
                return found;
            }
        }
        return ByKey(failing, candidates, what);
    }

    private static NearMiss? ByValue(SelectorRequirement at, string value, List<Candidate> candidates, string what)
    {
        var values = ValuesOf(at.Key, candidates).ToList();
        if (values.Find(v => v.Equals(value, StringComparison.OrdinalIgnoreCase)) is { } cased)
        {
            return new NearMiss(at, $"`{cased}` differs only in case", $"write `{at.Key}: {cased}`");
        }
        foreach (var candidate in candidates)
        {
            foreach (var (key, other) in candidate.Labels)
            {
                // The name label is on every namespace: not a label that was mixed up, but one that was not known.
                if (other == value && key != "kubernetes.io/metadata.name" && !ControllerLabels.Has(key))
                {
                    return new NearMiss(at, $"{candidate.Name} has {key}={other}", $"write `{key}: {other}`");
                }
            }
        }
        if (candidates.Find(c =>
            c.ShortName.Equals(value, StringComparison.OrdinalIgnoreCase)) is { Name: { } name } named)
        {
            return what == "namespace"
                ? new NearMiss(at, $"{name} is a name, not a label",
                    $"write `kubernetes.io/metadata.name: {named.ShortName}`, which every namespace has")
                : new NearMiss(at, NotALabel(named), Written(named.Labels).FirstOrDefault() is { Key: { } key } label
                    ? $"write `{key}: {label.Value}`" : $"add the label `{at.Key}: {value}` to the pod");
        }
        return Suggest.Nearest(value, values) is { } near
            ? new NearMiss(at, $"did you mean `{near}`?", $"write `{at.Key}: {near}`")
            : null;
    }

    private static NearMiss ByKey(SelectorRequirement at, List<Candidate> candidates, string what)
    {
        var values = ValuesOf(at.Key, candidates).Order(StringComparer.Ordinal).Take(4).ToList();
        if (values.Count > 0)
        {
            return new NearMiss(at,
                $"here `{at.Key}` is {string.Join(", ", values.Take(3).Select(v => $"`{v}`"))}"
                + (values.Count > 3 ? ", ..." : ""), null);
        }
        if (candidates.Exists(c => c.Labels.ContainsKey(at.Key)))
        {
            return new NearMiss(at, $"here `{at.Key}` has a value that only its controller knows", null);
        }
        var keys = candidates.SelectMany(c => c.Labels.Keys).Distinct(StringComparer.Ordinal);
        return Suggest.Nearest(at.Key, keys) is { } key
            ? new NearMiss(at, $"no {what} has the label `{at.Key}`; did you mean `{key}`?",
                $"rename `{at.Key}` to `{key}`")
            : new NearMiss(at, $"no {what} has the label `{at.Key}`", null);
    }

    /// <summary>Values that a label of some candidate is known to have.</summary>
    private static IEnumerable<string> ValuesOf(string key, List<Candidate> candidates) =>
        candidates.Select(c => c.Labels.GetValueOrDefault(key)).OfType<string>()
            .Where(value => value != ControllerLabels.Unknown).Distinct(StringComparer.Ordinal);

    /// <summary>Labels that somebody wrote: those of a controller are no advice.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Written(IReadOnlyDictionary<string, string> labels) =>
        labels.Where(label => !ControllerLabels.Has(label.Key));

    private static string NotALabel(Candidate pod) =>
        $"pod {pod.Name} has {LabelText(pod.Labels)}: names are not labels";

    private static string LabelText(IReadOnlyDictionary<string, string> labels)
        => labels.Count == 0 ? "no labels" : "labels " + string.Join(", ", labels.Select(l => $"{l.Key}={l.Value}"));
}
