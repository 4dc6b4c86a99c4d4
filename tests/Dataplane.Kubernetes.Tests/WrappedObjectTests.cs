using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Kubernetes.Tests;

/// <summary>Objects of other kinds that carry a policy, a pod or a namespace inside: refused, with the place.</summary>
public sealed class WrappedObjectTests
{
    private const string Code = "K043";

    private const string Policy =
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny}, spec: {podSelector: {}}}";

    private static LoadResult Of(string apiVersion, string kind, string lines) =>
        Given.Text($"apiVersion: {apiVersion}\nkind: {kind}\nmetadata: {{name: a}}\n{lines}\n");

    [Fact]
    public void A_template_is_refused_at_the_policy_inside()
    {
        var file = SourceTree.Full("tests/Dataplane.Kubernetes.Tests/Faults/template/in.yaml");
        var refusal = ManifestLoader.Load([file]).Errors().Only(Code);
        Assert.Equal(10, refusal.Position.Line);
        Assert.Equal(2, refusal.Related!.Value.Position.Line);
        Assert.Contains("NetworkPolicy", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"oc process --local -f {file}", refusal.Help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("work.open-cluster-management.io/v1", "ManifestWork", "spec: {workload: {manifests: [@]}}",
        ".spec.workload.manifests[]")]
    [InlineData("v1", "Template", "objects: [@]", "oc process")]
    [InlineData("example.com/v1", "SyncConfig", "spec: {items: [{resource: @}]}", ".spec.items[].resource")]
    [InlineData("policy.open-cluster-management.io/v1", "Policy",
        "spec: {policy-templates: [{objectDefinition: {apiVersion: policy.open-cluster-management.io/v1, "
        + "kind: ConfigurationPolicy, metadata: {name: c}, spec: {object-templates: "
        + "[{complianceType: musthave, objectDefinition: @}]}}}]}", "object-templates[].objectDefinition")]
    [InlineData("hive.openshift.io/v1", "SyncSet", "spec: {resources: [@]}", ".spec.resources[]")]
    [InlineData("kubernetes.crossplane.io/v1alpha2", "Object", "spec: {forProvider: {manifest: @}}",
        ".spec.forProvider.manifest")]
    [InlineData("example.com/v1", "Bundle", "spec: {list: {apiVersion: v1, kind: List, items: [@]}}",
        ".spec.list.items[]")]
    public void Whatever_carries_a_policy_is_refused(string apiVersion, string kind, string lines, string how)
    {
        var refusal = Of(apiVersion, kind, lines.Replace("@", Policy, StringComparison.Ordinal)).Only(Code);
        Assert.Equal((Severity.Error, 4), (refusal.Severity, refusal.Position.Line));
        Assert.Contains(how, refusal.Help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: c}]}}")]
    [InlineData("{apiVersion: v1, kind: Namespace, metadata: {name: ns1}}")]
    [InlineData("{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {}}")]
    [InlineData("{apiVersion: apps.openshift.io/v1, kind: DeploymentConfig, metadata: {name: d}, spec: {}}")]
    [InlineData("{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: d}, spec: {}}")]
    public void So_is_what_carries_pods_namespaces_or_what_decides_traffic(string inside) =>
        Of("template.openshift.io/v1", "Template", $"objects: [{inside}]").Only(Code);

    [Fact]
    public void A_kyverno_rule_that_generates_a_policy_is_refused() => Assert.Equal(8, Given.Text("""
        apiVersion: kyverno.io/v1
        kind: ClusterPolicy
        metadata: {name: default-deny}
        spec:
          rules:
          - name: deny
            match: {any: [{resources: {kinds: [Namespace]}}]}
            generate: {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, name: deny, data: {spec: {}}}
        """).Only(Code).Position.Line);

    [Fact]
    public void And_one_that_clones_policies() => Given.Text("""
        apiVersion: kyverno.io/v1
        kind: ClusterPolicy
        metadata: {name: clone}
        spec:
          rules:
          - name: deny
            generate: {namespace: x, cloneList: {namespace: y, kinds: [v1/Secret, networking.k8s.io/v1/NetworkPolicy]}}
        """).Only(Code);

    [Fact]
    public void A_policy_in_a_text_is_found() => Assert.Equal(6, Given.Text("""
        apiVersion: redhatcop.redhat.io/v1alpha1
        kind: NamespaceConfig
        metadata: {name: a}
        spec:
          templates:
          - objectTemplate: |
              apiVersion: networking.k8s.io/v1
              kind: NetworkPolicy
              metadata: {name: "{{ .Name }}"}
        """).Only(Code).Position.Line);

    [Theory]
    [InlineData("keda.sh/v1alpha1", "ScaledObject",
        "spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}")]
    [InlineData("autoscaling/v2", "HorizontalPodAutoscaler",
        "spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}")]
    [InlineData("v1", "Event", "involvedObject: {apiVersion: v1, kind: Pod, name: p, namespace: x, uid: u}")]
    [InlineData("policy.karmada.io/v1alpha1", "PropagationPolicy",
        "spec: {resourceSelectors: [{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, name: x}]}")]
    [InlineData("kyverno.io/v1", "ClusterPolicy",
        "spec: {rules: [{name: r, match: {any: [{resources: {kinds: [Pod]}}]}, validate: {pattern: {spec: {x: y}}}}]}")]
    public void A_reference_is_no_object_inside(string apiVersion, string kind, string lines) =>
        Of(apiVersion, kind, lines).Only(Codes.SkippedKind);

    [Fact]
    public void What_kubectl_wrote_down_is_no_object_inside() => Given.Text("""
        apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata:
          name: a
          annotations:
            kubectl.kubernetes.io/last-applied-configuration: |
              {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{}}
        """).Only(Codes.SkippedKind);

    [Fact]
    public void A_text_in_a_ConfigMap_is_named_and_not_refused()
    {
        var note = Given.Text("""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: a}
            data:
              deny.yaml: |
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: deny}
            """).Only(Codes.SkippedKind);
        Assert.Equal(Severity.Note, note.Severity);
        Assert.Contains("its text holds a NetworkPolicy", note.Label, StringComparison.Ordinal);
    }
}
