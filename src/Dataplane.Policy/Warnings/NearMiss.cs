using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;
using Dataplane.Policy.Selectors;

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
    /// <summary>The label to select instead; null where the help says something else.</summary>
    public SelectorEdit? Edit { get; init; }

    /// <summary>An edit of another kind that the help describes.</summary>
    public Fix? Fix { get; init; }

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
        // Advice about one label helps where the rest of the selector matches; elsewhere it would only look like it.
        var others = selector.Requirements.Where(r => r != failing).ToList();
        var near = candidates.FindAll(c => others.TrueForAll(r => r.Matches(c.Labels)));
        return near.Count > 0 ? Nearest(failing, others, near, what)
            : Nearest(failing, others, candidates, what) with { Help = null, Edit = null };
    }

    private static NearMiss Nearest(SelectorRequirement failing, List<SelectorRequirement> others,
        List<Candidate> candidates, string what)
    {
        var found = (failing.Operator == SelectorOperator.In ? failing.Values : [])
            .Select(value => ByValue(failing, value, candidates, what)).FirstOrDefault(f => f is not null)
            ?? ByKey(failing, candidates, what);
        // A key stands in matchLabels once.
        return found.Edit is { } edit && others.Exists(r => r.Key == edit.Key)
            ? found with { Help = null, Edit = null } : found;
    }

    private static NearMiss? ByValue(SelectorRequirement at, string value, List<Candidate> candidates, string what)
    {
        var values = ValuesOf(at.Key, candidates).ToList();
        if (values.Find(v => v.Equals(value, StringComparison.OrdinalIgnoreCase)) is { } cased)
        {
            return Write(at, $"`{cased}` differs only in case", at.Key, value, cased);
        }
        foreach (var candidate in candidates)
        {
            foreach (var (key, other) in candidate.Labels)
            {
                // The name label is on every namespace: not a label that was mixed up, but one that was not known.
                if (other == value && key != "kubernetes.io/metadata.name" && !ControllerLabels.Has(key))
                {
                    return Write(at, $"{candidate.Name} has {key}={other}", key, null, other);
                }
            }
        }
        if (candidates.Find(c =>
            c.ShortName.Equals(value, StringComparison.OrdinalIgnoreCase)) is { Name: { } name } named)
        {
            return what == "namespace"
                ? Write(at, $"{name} is a name, not a label", "kubernetes.io/metadata.name", null, named.ShortName)
                    with { Help = ", which every namespace has" }
                : Written(named.Labels).FirstOrDefault() is { Key: { } key } label
                    ? Write(at, NotALabel(named), key, null, label.Value)
                    : new NearMiss(at, NotALabel(named),
                        $"add the label `{at.Key}: {YamlText.Word(value)}` to the pod");
        }
        return Suggest.Nearest(value, values) is { } near
            ? Write(at, $"did you mean `{near}`?", at.Key, value, near)
            : null;
    }

    private static NearMiss Write(SelectorRequirement at, string text, string key, string? value, string better) =>
        new(at, text, null) { Edit = new SelectorEdit(at, key, value, better) };

    /// <summary>The warning about the selector, with the edit where the text is at hand.</summary>
    public Diagnostic Warning(Scene scene, string code, string message, string note)
    {
        var yaml = scene.Text(At.Position);
        return Scene.Warning(code, message, At.Position, At.Key.Length, Text, note,
            Edit is null ? Help : $"write `{Edit.Text(yaml)}`{Help}") with { Fix = Edit?.Fix(yaml) ?? Fix };
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
                $"rename `{at.Key}` to `{key}`, with a value that a {what} has")
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
