using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Diff;

/// <summary>
/// Pods as a policy selects them, as a subject or as a peer, whether or not such pods are loaded.
/// </summary>
/// <param name="Own">The namespace that the pods are in; null: those that <paramref name="Namespaces"/>
/// selects.</param>
internal sealed record PodSelection(
    string? Own, IReadOnlyList<SelectorRequirement> Namespaces, IReadOnlyList<SelectorRequirement> Pods)
{
    /// <summary>The label that every namespace has, with its name as the value.</summary>
    public const string NameLabel = "kubernetes.io/metadata.name";

    /// <summary>
    /// A label value, or a namespace's name, that no object can have: it stands for any that no selector lists.
    /// </summary>
    public const string AnyOther = "~";

    /// <summary>Number of selections that one is split into, at most.</summary>
    private const int MostValues = 16;

    /// <summary>
    /// As people read it: <c>pods app=client of x</c>, <c>pods of namespaces team=a</c>, <c>pods of any namespace</c>.
    /// It contains a space, which no name of an endpoint does.
    /// </summary>
    public string Text
    {
        get
        {
            var pods = Pods.Count == 0 ? "pods" : $"pods {Joined(Pods)}";
            return Own is not null ? $"{pods} of {Own}"
                : Namespaces.Count == 0 ? $"{pods} of any namespace"
                : $"{pods} of namespaces {Joined(Namespaces)}";
        }
    }

    public static PodSelection Of(string? own, LabelSelector? namespaces, LabelSelector? pods) =>
        new(namespaces is null ? own : null, namespaces?.Requirements ?? [], pods?.Requirements ?? []);

    /// <summary>Whether the selection finds a loaded pod.</summary>
    public bool Matches(PodEndpoint pod, Cluster cluster) =>
        !pod.IsHostNetwork && Pods.All(r => r.Matches(pod.Pod.Labels)) && (Own is not null
            ? pod.Pod.Namespace == Own
            : cluster.NamespaceLabels(pod.Pod.Namespace) is var labels && Namespaces.All(r => r.Matches(labels)));

    /// <summary>The selection split so that each part lets every label have one value at most.</summary>
    public IEnumerable<PodSelection> Split() =>
        from namespaces in Split(Namespaces)
        from pods in Split(Pods)
        select this with { Namespaces = namespaces, Pods = pods };

    /// <summary>
    /// The parts of the selection that other selectors leave out by <c>NotIn</c> and <c>DoesNotExist</c>. Labels that
    /// are not there satisfy both, so that the selection itself does not stand for these parts.
    /// </summary>
    public IEnumerable<PodSelection> Without(
        IEnumerable<SelectorRequirement> namespaces, IEnumerable<SelectorRequirement> pods) =>
    [
        .. Own is null
            ? namespaces.SelectMany(Violations).Select(r => this with { Namespaces = [.. Namespaces, r] }) : [],
        .. pods.SelectMany(Violations).Select(r => this with { Pods = [.. Pods, r] }),
    ];

    /// <summary>Labels that satisfy the requirements, and have no other keys; null: there are none.</summary>
    /// <param name="required">A key that has to be there.</param>
    public static Dictionary<string, string>? Labels(
        IReadOnlyList<SelectorRequirement> requirements, string? required = null)
    {
        var labels = new Dictionary<string, string>();
        foreach (var key in requirements.Select(r => r.Key).Append(required).OfType<string>().Distinct())
        {
            var about = requirements.Where(r => r.Key == key).ToList();
            var values = about.Where(r => r.Operator == SelectorOperator.In).SelectMany(r => r.Values);
            // Absent labels satisfy most of what is negative, so a value is chosen only where one is needed.
            string?[] choices = key == required ? [.. values, AnyOther] : [.. values, null, AnyOther];
            var found = Array.FindIndex(choices, value => about.TrueForAll(r => r.Matches(
                value is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [key] = value })));
            if (found < 0) return null;
            if (choices[found] is { } chosen) labels[key] = chosen;
        }
        return labels;
    }

    /// <summary>As <c>kubectl get -l</c> takes it, without spaces: a list of selections is separated by them.</summary>
    private static string Joined(IReadOnlyList<SelectorRequirement> requirements) =>
        string.Join(',', requirements.Select(requirement => requirement.Text()));

    private static IEnumerable<IReadOnlyList<SelectorRequirement>> Split(
        IReadOnlyList<SelectorRequirement> requirements)
    {
        IEnumerable<IReadOnlyList<SelectorRequirement>> parts = [[]];
        foreach (var requirement in requirements)
        {
            List<SelectorRequirement> forms = requirement is { Operator: SelectorOperator.In, Values.Count: > 1 }
                ? [.. requirement.Values.Distinct().Select(value => requirement with { Values = [value] })]
                : [requirement];
            parts = parts.SelectMany(part => forms.Select(form =>
                (IReadOnlyList<SelectorRequirement>)[.. part, form])).Take(MostValues).ToList();
        }
        return parts;
    }

    private static IEnumerable<SelectorRequirement> Violations(SelectorRequirement requirement) =>
        requirement.Operator switch
        {
            SelectorOperator.NotIn => requirement.Values.Distinct()
                .Select(value => requirement with { Operator = SelectorOperator.In, Values = [value] }),
            SelectorOperator.DoesNotExist => [requirement with { Operator = SelectorOperator.Exists }],
            _ => [],
        };
}
