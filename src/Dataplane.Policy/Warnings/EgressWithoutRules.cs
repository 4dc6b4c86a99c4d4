using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Policy.Warnings;

/// <summary>
/// S012: policyTypes lists Egress, and no rule of any policy lets the pods send. A policy without any rule says "deny
/// all" and means it; one with ingress rules mostly lists Egress because the example it was copied from did.
/// </summary>
internal static class EgressWithoutRules
{
    public static IEnumerable<Diagnostic> Find(Scene scene)
    {
        var sending = Sending(scene);
        foreach (var policy in scene.Cluster.NetworkPolicies)
        {
            if (scene.Unseen.PoliciesIn(policy.Namespace)
                || Closed(scene, policy, sending) is not { IsEmpty: false } closed)
            {
                continue;
            }
            yield return Scene.Warning(SemanticCodes.EgressWithoutRules,
                $"Egress is listed but has no rule: {scene.Names(closed)} may send nothing, DNS included",
                policy.PolicyTypesPosition ?? policy.Position, "policyTypes".Length,
                "Egress stands here, and there is no `egress:`",
                "replies to connections that come in are not affected",
                "remove Egress from `policyTypes`, or say under `egress:` what may be sent") with
            {
                Fix = policy.PolicyTypesPosition is { } types && scene.Text(types) is { } text
                    ? WordList.Without(text, types, "Egress") : null,
            };
        }
    }

    /// <summary>The pods that some egress rule is for.</summary>
    public static AddressSet Sending(Scene scene)
    {
        var sending = scene.Space.Nothing;
        foreach (var policy in scene.Cluster.NetworkPolicies)
        {
            if (policy is { IsolatesEgress: true, Egress.Count: > 0 })
            {
                sending.UnionWith(scene.Subjects(policy));
            }
        }
        return sending;
    }

    /// <summary>The pods this warning is about for a policy; null where it is not about the policy.</summary>
    public static AddressSet? Closed(Scene scene, NetworkPolicyObject policy, AddressSet sending)
        => policy is { IsolatesEgress: true, Egress.Count: 0, Ingress.Count: > 0 }
            ? scene.Subjects(policy).Clone().ExceptWith(sending) : null;
}
