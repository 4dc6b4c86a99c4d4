using Dataplane.Kubernetes.Loading;
using Dataplane.Policy.Warnings;

namespace Dataplane.Policy.Tests.Warnings;

/// <summary>
/// Warnings that something is missing are silent where an object that was not read could be it, and only there.
/// </summary>
public sealed class UnseenTests
{
    private const string Pod = "{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: x, labels: {app: a}}, "
        + "spec: {containers: [{name: c, ports: [{containerPort: 80, name: http}]}]}}\n---\n";

    private const string PolicyQ =
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: q, namespace: x}, ";

    /// <summary>Selects nobody, and lets in nobody.</summary>
    private const string Policies =
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: x}, "
        + "spec: {podSelector: {matchLabels: {app: b}}}}\n---\n"
        + "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: q, namespace: x}, "
        + "spec: {podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: c}}}]}]}}\n---\n";

    private static string[] Codes(string text) =>
        [.. SemanticWarnings.Find(WarningsOf.ClusterOf(ManifestLoader.LoadText("m.yaml", text).Manifests))
            .Select(d => d.Code)];

    [Fact]
    public void Nothing_unseen() => Assert.Equal(["S015", "S011"], Codes(Pod + Policies));

    [Theory]
    [InlineData("{apiVersion: kubevirt.io/v1, kind: VirtualMachine, metadata: {name: v, namespace: NS}, spec: {}}")]
    [InlineData("{apiVersion: example.com/v1, kind: Widget, metadata: {name: v, namespace: NS}, spec: {}}")]
    [InlineData("{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: v, namespace: argocd}, "
        + "spec: {destination: {namespace: NS}}}")]
    [InlineData("{apiVersion: apps/v1, kind: Deployment, metadata: {name: v, namespace: NS}, spec: {replicsa: 1}}")]
    [InlineData("{apiVersion: v1, kind: Pod, metadata: {name: v, namespace: NS}, spec: {containers: []}}")]
    public void Pods_that_are_not_seen_silence_their_namespace_only(string maker)
    {
        Assert.Empty(Codes(Pod + Policies + maker.Replace("NS", "x", StringComparison.Ordinal)));
        Assert.Equal(["S015", "S011"], Codes(Pod + Policies + maker.Replace("NS", "other", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("{apiVersion: v1, kind: Service, metadata: {name: s, namespace: x}}")]
    [InlineData("{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: s, namespace: x}}")]
    [InlineData("{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: r, namespace: x}, "
        + "spec: {podSelektor: {}}}")]
    [InlineData("{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: r, namespace: x}}")]
    [InlineData("apiVersion: v1\nkind: Service\nmetadata: [\n")]
    public void What_makes_no_pods_silences_nothing(string other) =>
        Assert.Equal(["S015", "S011"], Codes(Pod + Policies + other));

    [Theory]
    [InlineData("apiVersion: v1\nkind: Pod\nmetadata: [\n")]
    [InlineData("apiVersion: v1\nmetadata: {name: a}\nspec: {}\n")]
    [InlineData("{apiVersion: template.openshift.io/v1, kind: Template, metadata: {name: t}, objects: "
        + "[{apiVersion: v1, kind: Pod, metadata: {name: v}}]}")]
    public void What_could_be_anywhere_silences_all(string other) => Assert.Empty(Codes(Pod + Policies + other));

    [Fact]
    public void A_namespace_that_is_not_seen_silences_its_selectors()
    {
        const string selecting = PolicyQ
            + "spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: z}}}]}]}}\n---\n";
        Assert.Equal(["S011"], Codes(Pod + selecting));
        const string broken = "{apiVersion: v1, kind: Namespace, metadata: {name: z, labels: {team: 1}}}";
        Assert.Empty(Codes(Pod + selecting + broken));
    }

    [Fact]
    public void A_policy_that_is_not_seen_could_allow_names()
    {
        const string closed = PolicyQ + "spec: {podSelector: {}, policyTypes: [Egress]}}\n---\n";
        Assert.Equal(["S014"], Codes(Pod + closed));
        Assert.Empty(Codes(Pod + closed + "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, "
            + "metadata: {name: r, namespace: x}, spec: {podSelektor: {}}}"));
    }

    [Fact]
    public void An_object_with_an_error_is_no_subject_of_warnings() => Assert.Empty(Codes(Pod
        + "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: q, namespace: x}, "
        + "spec: {podSelector: {}, policyTypes: [Egress], engress: [{}], ingress: [{}]}}"));
}
