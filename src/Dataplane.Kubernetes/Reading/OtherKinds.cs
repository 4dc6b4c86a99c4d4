using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Reading;

/// <summary>
/// Objects without a reader: reported as skipped, or as an error where they could decide which pods may talk.
/// </summary>
internal static class OtherKinds
{
    private const string PolicyGroup = ObjectKinds.PolicyGroup + "/";

    /// <param name="rightApiVersion">Of this very kind, where only the apiVersion is wrong; otherwise null.</param>
    public static void Report(MappingReader top, string apiVersion, string kind, string? rightApiVersion)
    {
        var kindField = top.Field("kind") ?? top.Self;
        if (rightApiVersion is not null && IsKubernetesGroup(apiVersion) && !IsForeignPolicy(apiVersion, kind))
        {
            (top.Field("apiVersion") ?? top.Self)
                .Error(Codes.WrongApiVersion, $"{Quote.Of(apiVersion)} is not the apiVersion of {kind}",
                $"{kind} is {rightApiVersion}", help: $"write `apiVersion: {rightApiVersion}`",
                fix: top.Field("apiVersion")?.Replaced(rightApiVersion));
        }
        else if (NearMiss(apiVersion, kind) is { } better)
        {
            kindField.Error(Codes.UnknownKind, $"{Quote.Of(kind)} is not a kind of {Quote.Of(apiVersion)}",
                $"did you mean {Quote.Of(better)}?", help: $"write `kind: {better}`",
                fix: top.Field("kind")?.Replaced(better));
        }
        else if (IsPolicy(apiVersion, kind))
        {
            kindField.Error(Codes.UnsupportedPolicy,
                $"{Quote.Of(kind)} of {Quote.Of(apiVersion)} is not supported yet: refusing to ignore a policy",
                "a policy",
                "without it the answers about traffic would be wrong",
                "take the object out of what is loaded to look at the rest alone");
        }
        else
        {
            top.Self.Bag.Add(new Diagnostic(Codes.SkippedKind, Severity.Note,
                $"{Quote.Of(kind)} of {Quote.Of(apiVersion)} is skipped",
                kindField.Position, kindField.Length, "does not decide which pods may talk")
            {
                Tally = new Tally(kind, 1),
            });
        }
    }

    /// <summary>
    /// Any kind that is a network policy by its name or group: Calico's, Cilium's, Antrea's, and those of the policy
    /// API.
    /// </summary>
    private static bool IsPolicy(string apiVersion, string kind)
        => apiVersion.StartsWith(PolicyGroup, StringComparison.Ordinal) || IsForeignPolicy(apiVersion, kind)
           || kind.Contains("NetworkPolic", StringComparison.OrdinalIgnoreCase)
               || kind.Contains("NetworkSet", StringComparison.Ordinal);

    private static bool IsForeignPolicy(string apiVersion, string kind)
        => kind.Contains("Policy", StringComparison.Ordinal)
           && (apiVersion.Contains("projectcalico.org/", StringComparison.Ordinal)
               || apiVersion.Contains("cilium.io/", StringComparison.Ordinal)
               || apiVersion.Contains("antrea.io/", StringComparison.Ordinal));

    /// <summary>
    /// A misspelling of a kind that is read, in the group that has it (or a group that is none of Kubernetes').
    /// </summary>
    private static string? NearMiss(string apiVersion, string kind)
        => (ObjectKinds.All.Any(k => k.ApiVersion == apiVersion)
            || apiVersion.StartsWith(PolicyGroup, StringComparison.Ordinal))
           && Suggest.Nearest(kind, ObjectKinds.All.Select(k => k.Name)) is { } near
           && (near.Equals(kind, StringComparison.OrdinalIgnoreCase) || !IsCoreKind(kind)) ? near : null;

    private static bool IsCoreKind(string kind) =>
        kind is "Node" or "Event" or "Secret" or "Service" or "Endpoints" or "Binding" or "ConfigMap"
        or "LimitRange" or "PodTemplate" or "Ingress" or "IngressClass" or "IPAddress" or "ServiceCIDR";

    /// <summary>
    /// Groups of Kubernetes itself (core, apps, *.k8s.io) as against those of custom resources, which may well have a
    /// Node or a Job of their own.
    /// </summary>
    private static bool IsKubernetesGroup(string apiVersion)
        => apiVersion.IndexOf('/') is var slash
            && (slash < 0 || !apiVersion[..slash].Contains('.')
            || apiVersion[..slash].EndsWith(".k8s.io", StringComparison.Ordinal));
}
