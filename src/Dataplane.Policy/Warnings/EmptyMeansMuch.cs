using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Policy.Warnings;

/// <summary>
/// S021 and S022: a field that is missing, null or empty, and so means all, nothing, or less than it seems. The usual
/// ways to say so are not reported: see <see cref="NetworkPolicyObject.EmptyFields"/>.
/// </summary>
internal static class EmptyMeansMuch
{
    public static IEnumerable<Diagnostic> Find(Scene scene) =>
    [
        .. scene.Cluster.NetworkPolicies.Concat(scene.Cluster.BrokenPolicies)
            .SelectMany(p => p.EmptyFields.Select(f => Warn(f, Words(p, f)))),
        .. scene.Cluster.TierPolicies.SelectMany(p => p.EmptyFields.Select(f => Warn(f, Ports(f)))),
    ];

    private readonly record struct Remark(string Consequence, string? Note, string Help);

    private static Diagnostic Warn(EmptyField field, Remark remark)
    {
        var isAll = field.Meaning is not (EmptyMeaning.Nothing or EmptyMeaning.StaysOpen or EmptyMeaning.DefaultTypes
            or EmptyMeaning.OwnNamespace);
        return Scene.Warning(isAll ? SemanticCodes.EmptyMeansAll : SemanticCodes.EmptyMeansNothing,
            $"`{field.Path}` {field.State}: {remark.Consequence}", field.Position, field.Length,
            field.State == EmptyField.IsMissing ? $"no `{field.Name}` here" : null, remark.Note, remark.Help) with
        {
            Fix = field.Fix,
        };
    }

    private static Remark Words(NetworkPolicyObject policy, EmptyField field)
    {
        var name = field.Name;
        var into = field.Path.Contains("ingress", StringComparison.Ordinal);
        var (peers, verb, type) = into ? ("ALL sources", "enter", "Ingress") : ("ALL destinations", "leave", "Egress");
        var every = $"the policy selects EVERY pod of namespace `{policy.Namespace}`";
        var empty = name == "matchExpressions" ? "[]" : "{}";
        return field.Meaning switch
        {
            EmptyMeaning.NoSpec => new Remark($"{every}, and nothing may enter them", null,
                "write under `spec:` which pods are meant, with `podSelector:`, and what may pass"),
            EmptyMeaning.EveryPod => new Remark(every, null,
                $"write `{name}: {empty}` if that is meant, or give labels"),
            EmptyMeaning.EveryPeer => new Remark(name == "podSelector" ? "EVERY pod of the namespaces is meant"
                : "the selector finds EVERYTHING", null,
                $"write `{name}: {empty}` if that is meant, or give labels"),
            EmptyMeaning.AnyPeer => new Remark($"the rule allows {peers}, not none", null,
                $"remove `{name}` if that is meant; to allow nobody, remove the rule"),
            EmptyMeaning.AnyPort => Ports(field),
            EmptyMeaning.AnyPortOfProtocol => new Remark("the item means ALL ports of its protocol", null,
                "remove `port` if that is meant, or give its number"),
            EmptyMeaning.OwnNamespace => new Remark(
                $"the peer means pods of the policy's own namespace, `{policy.Namespace}`, alone",
                "null counts as not given; `{}` selects all",
                "write `namespaceSelector: {}` for pods of every namespace, or indent its labels under it"),
            EmptyMeaning.Nothing => new Remark($"nothing may {verb}{(into ? "" : ", DNS included")}", null,
                $"write `{name}: []` if that is meant, or its rules"),
            EmptyMeaning.StaysOpen => new Remark($"it does not close {name}, which stays OPEN",
                policy.PolicyTypesPosition is null ? "without `policyTypes`, egress is closed by having a rule"
                    : $"`policyTypes` does not list {type}",
                $"add {type} to `policyTypes` to let nothing {verb}, or remove `{name}`"),
            _ => new Remark($"it counts as missing: {Directions(policy)}", null,
                $"write `policyTypes: [{Types(policy)}]` if that is meant"),
        };
    }

    private static Remark Ports(EmptyField field) => new("the rule allows ALL ports of every protocol, not none", null,
        $"remove `{field.Name}` if that is meant");

    private static string Types(NetworkPolicyObject policy) => policy.IsolatesEgress ? "Ingress, Egress" : "Ingress";

    private static string Directions(NetworkPolicyObject policy) =>
        policy.IsolatesEgress ? "ingress and egress are closed" : "ingress is closed, and egress stays OPEN";
}
