using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Policy.Warnings;

namespace Dataplane.Policy.Tests.Warnings;

/// <summary>S021 and S022: what is empty and means all or nothing; the usual ways to say so are silent.</summary>
public sealed class EmptyFieldTests
{
    private static string[] Found(string spec) => [.. WarningsOf.Text("{apiVersion: networking.k8s.io/v1, "
        + $"kind: NetworkPolicy, metadata: {{name: p}}, spec: {{{spec}}}}}")
        .Where(w => w.Code is SemanticCodes.EmptyMeansAll or SemanticCodes.EmptyMeansNothing)
        .Select(w => $"{w.Code} {w.Message[..w.Message.IndexOf(':')]}")];

    [Theory]
    [InlineData("podSelector: {}")]
    [InlineData("podSelector: {}, ingress: []")]
    [InlineData("podSelector: {}, policyTypes: [Ingress, Egress], ingress: [], egress: []")]
    [InlineData("podSelector: {}, policyTypes: [Ingress, Egress]")]
    [InlineData("podSelector: {}, ingress: [{}], egress: [{}]")]
    [InlineData("podSelector: {matchLabels: {}}, ingress: [{from: [{podSelector: {}}, {namespaceSelector: {}}]}]")]
    [InlineData("podSelector: {}, ingress: [{ports: [{protocol: UDP}]}]")]
    [InlineData("podSelector: {}, ingress: [{ports: [{port: 80, endPort: }]}]")]
    public void Usual_ways_are_silent(string spec) => Assert.Empty(Found(spec));

    [Theory]
    [InlineData("policyTypes: [Ingress]", "S021 `spec.podSelector` is missing")]
    [InlineData("podSelector: , policyTypes: [Ingress]", "S021 `spec.podSelector` has no value")]
    [InlineData("podSelector: {matchLabels: }", "S021 `spec.podSelector.matchLabels` has no value")]
    [InlineData("podSelector: {}, ingress: [{from: []}]", "S021 `spec.ingress[0].from` is empty")]
    [InlineData("podSelector: {}, ingress: [{from: ~, ports: [{port: 1}]}]",
        "S021 `spec.ingress[0].from` has no value")]
    [InlineData("podSelector: {}, egress: [{to: [], ports: [{port: 1}]}]", "S021 `spec.egress[0].to` is empty")]
    [InlineData("podSelector: {}, egress: [{ports: []}]", "S021 `spec.egress[0].ports` is empty")]
    [InlineData("podSelector: {}, ingress: [{ports: [{port: null}]}]",
        "S021 `spec.ingress[0].ports[0].port` has no value")]
    [InlineData("podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: }]}]",
        "S021 `spec.ingress[0].from[0].podSelector` has no value")]
    [InlineData("podSelector: {}, ingress: [{from: [{podSelector: {}, namespaceSelector: }]}]",
        "S022 `spec.ingress[0].from[0].namespaceSelector` has no value")]
    [InlineData("podSelector: {}, ingress: ", "S022 `spec.ingress` has no value")]
    [InlineData("podSelector: {}, policyTypes: [Egress], egress: ", "S022 `spec.egress` has no value")]
    [InlineData("podSelector: {}, egress: []", "S022 `spec.egress` is empty")]
    [InlineData("podSelector: {}, policyTypes: [Ingress], egress: []", "S022 `spec.egress` is empty")]
    [InlineData("podSelector: {}, policyTypes: [Egress], ingress: []", "S022 `spec.ingress` is empty")]
    [InlineData("podSelector: {}, policyTypes: []", "S022 `spec.policyTypes` is empty")]
    [InlineData("podSelector: {}, policyTypes: ", "S022 `spec.policyTypes` has no value")]
    public void What_is_empty_is_named_with_its_key(string spec, string found) => Assert.Equal([found], Found(spec));

    [Fact]
    public void A_policy_without_a_spec_closes_a_namespace() => Assert.Equal(["S021"], WarningsOf.Text(
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}}").Select(w => w.Code));

    [Fact]
    public void Null_ports_of_a_cluster_wide_rule_mean_all() => Assert.Equal(["S021"], WarningsOf.Text(
        "{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: p}, spec: "
        + "{priority: 1, subject: {namespaces: {}}, ingress: [{action: Allow, ports: , from: [{namespaces: {}}]}]}}")
        .Select(w => w.Code));

    /// <summary>An error in one place does not hide what another place means.</summary>
    [Fact]
    public void A_policy_with_an_error_in_its_metadata_is_looked_at()
    {
        var loaded = ManifestLoader.Load([FaultFile.Path("podselector-missing/in.yaml")]);
        Assert.Equal(["K006", "K006", "K006"], loaded.Diagnostics.Select(d => d.Code));
        Assert.Empty(loaded.Manifests.NetworkPolicies);
        Assert.Equal(
            [
                "10 S021 `spec.podSelector` is missing: the policy selects EVERY pod of namespace `n`",
                "16 S021 `spec.podSelector` has no value: the policy selects EVERY pod of namespace `n`",
            ],
            OfBroken(loaded).Select(w => $"{w.Position.Line} {w.Code} {w.Message}"));
    }

    /// <summary>What is missing may be what the error is about, misspelled.</summary>
    [Theory]
    [InlineData("spec: {podselector: {}, policyTypes: [Ingress]}")]
    [InlineData("spec: {podSelector: {}, ingres: [], ingress: [{from: []}]}")]
    [InlineData("sepc: {podSelector: {}}")]
    public void Of_a_spec_with_an_error_nothing_is_said(string spec) => Assert.Empty(OfBroken(ManifestLoader.LoadText(
        "m.yaml", $"{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: p}}, {spec}}}")));

    private static IReadOnlyList<Diagnostic> OfBroken(LoadResult loaded)
    {
        Assert.True(loaded.HasErrors);
        return [.. SemanticWarnings.Find(WarningsOf.ClusterOf(loaded.Manifests), loaded.Sources)
            .Where(w => w.Code is SemanticCodes.EmptyMeansAll or SemanticCodes.EmptyMeansNothing)];
    }
}
