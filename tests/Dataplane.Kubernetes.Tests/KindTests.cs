using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Kubernetes.Tests;

public sealed class KindTests
{
    private static LoadResult Kind(string apiVersion, string kind) =>
        Given.Text($"apiVersion: {apiVersion}\nkind: {kind}\nmetadata: {{name: a}}\nspec: {{x: 1}}\n");

    [Theory]
    [InlineData("apps/v1", "ControllerRevision")]
    [InlineData("v1", "ServiceAccount")]
    [InlineData("longhorn.io/v1beta2", "Node")]
    [InlineData("v1", "ConfigMap")]
    [InlineData("v1", "PodTemplate")]
    [InlineData("networking.k8s.io/v1", "Ingress")]
    [InlineData("policy/v1", "PodDisruptionBudget")]
    public void Kinds_that_decide_nothing_are_skipped_with_a_note(string apiVersion, string kind)
        => Assert.Equal(Severity.Note, Kind(apiVersion, kind).Only(Codes.SkippedKind).Severity);

    [Theory]
    [InlineData("policy.networking.k8s.io/v1alpha1", "SomethingNew")]
    [InlineData("cilium.io/v2", "CiliumNetworkPolicy")]
    [InlineData("projectcalico.org/v3", "NetworkPolicy")]
    [InlineData("crd.projectcalico.org/v1", "GlobalNetworkPolicy")]
    [InlineData("crd.antrea.io/v1beta1", "ClusterNetworkPolicy")]
    [InlineData("example.com/v1", "MyNetworkPolicy")]
    public void No_policy_is_ever_ignored(string apiVersion, string kind)
        => Assert.Equal(Severity.Error, Kind(apiVersion, kind).Only(Codes.UnsupportedPolicy).Severity);

    [Theory]
    [InlineData("v1", "NetworkPolicy", Codes.WrongApiVersion)]
    [InlineData("extensions/v1beta1", "NetworkPolicy", Codes.WrongApiVersion)]
    [InlineData("policy.networking.k8s.io/v1alpha1", "ClusterNetworkPolicy", Codes.WrongApiVersion)]
    [InlineData("policy.networking.k8s.io/v1alpha2", "BaselineAdminNetworkPolicy", Codes.WrongApiVersion)]
    [InlineData("apps/v1", "Pod", Codes.WrongApiVersion)]
    [InlineData("extensions/v1beta1", "Deployment", Codes.WrongApiVersion)]
    [InlineData("apps/v1", "Deploymnet", Codes.UnknownKind)]
    [InlineData("v1", "pod", Codes.UnknownKind)]
    [InlineData("v1", "NameSpace", Codes.UnknownKind)]
    [InlineData("networking.k8s.io/v1", "NetworkPolcy", Codes.UnknownKind)]
    [InlineData("networking.k8s.io/v1", "NetworkPolicies", Codes.UnknownKind)]
    [InlineData("policy.networking.k8s.io/v1alpha2", "Something", Codes.UnsupportedPolicy)]
    [InlineData("apps/v1", "List", Codes.WrongApiVersion)]
    public void Wrong_kinds_and_versions(string apiVersion, string kind, string code) =>
        Kind(apiVersion, kind).Only(code);

    [Theory]
    [InlineData("networking.k8s.io/v1", "networkpolicy", "NetworkPolicy")]
    [InlineData("networking.k8s.io/v1", "NetworkPolicies", "NetworkPolicy")]
    [InlineData("policy.networking.k8s.io/v1alpha2", "clusternetworkpolicy", "ClusterNetworkPolicy")]
    [InlineData("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolcy", "AdminNetworkPolicy")]
    public void A_misspelt_policy_kind_gets_the_right_spelling(string apiVersion, string kind, string better)
        => Assert.Equal($"did you mean `{better}`?", Kind(apiVersion, kind).Only(Codes.UnknownKind).Label);

    [Theory]
    [InlineData("kind: Pod\nmetadata: {name: a}", "apiVersion is missing")]
    [InlineData("apiVersion: v1\nmetadata: {name: a}", "kind is missing")]
    [InlineData("{apiversion: v1, kind: Pod}", "apiVersion is missing")]
    public void Kind_and_version_are_required(string text, string message) =>
        Assert.Equal(message, Given.Text(text).Only(Codes.MissingField).Message);

    [Theory]
    [InlineData("just words")]
    [InlineData("[a, b]")]
    [InlineData("1")]
    public void Other_yaml_is_no_object(string text) => Given.Text(text).Only(Codes.WrongType);

    [Fact]
    public void Lists_are_opened()
    {
        var set = Given.Text("""
            apiVersion: v1
            kind: List
            metadata: {resourceVersion: ""}
            items:
            - {apiVersion: v1, kind: Namespace, metadata: {name: b}}
            - apiVersion: v1
              kind: PodList
              items:
              - metadata: {name: p, namespace: b}
                spec: {containers: [{name: c}]}
              - {apiVersion: v1, kind: Pod, metadata: {name: o, namespace: b}, spec: {containers: [{name: c}]}}
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicyList
            items:
            - {metadata: {name: q, namespace: a}, spec: {}}
            """).Clean();
        Assert.Equal(["a", "b"], set.Namespaces.Select(n => n.FullName));
        Assert.Equal(["b/o", "b/p"], set.Pods.Select(n => n.FullName));
        Assert.Equal(["a/q"], set.NetworkPolicies.Select(n => n.FullName));
    }

    [Fact]
    public void An_empty_list_is_no_error() => Given.Text("apiVersion: v1\nkind: List\nitems: []\n").Clean();

    [Fact]
    public void A_null_item_is_an_error() =>
        Given.Text("apiVersion: v1\nkind: List\nitems:\n-\n").Only(Codes.WrongType);

    [Fact]
    public void A_policy_inside_a_list_is_not_ignored()
        => Given.Text("apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicyList\n"
            + "items: [{metadata: {name: a}}]\n").Only(Codes.MissingField);

    [Fact]
    public void Duplicates_name_both_places()
    {
        var d = Given.Text("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\napiVersion: v1\n"
            + "kind: Namespace\nmetadata: {name: a}\n").Only(Codes.DuplicateObject);
        Assert.Equal((5, 1), (d.Position.Line, d.Related!.Value.Position.Line));
        Assert.Contains("m.yaml:1:1", d.Label);
    }

    [Fact]
    public void The_same_name_in_another_namespace_or_kind_is_no_duplicate()
        => Given.Text("""
            {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a, namespace: x}}
            ---
            {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a, namespace: 'y'}}
            ---
            {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: x}, spec: {containers: [{name: a}]}}
            """).Clean();

    [Fact]
    public void A_missing_namespace_and_default_are_the_same()
        => Given.Text("""
            {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}}
            ---
            {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a, namespace: default}}
            """).Only(Codes.DuplicateObject);

    [Fact]
    public void Many_skipped_objects_are_no_error()
        => Assert.False(
            Given.Text(string.Concat(Enumerable.Repeat("{apiVersion: v1, kind: ConfigMap}\n---\n", 1500))).HasErrors);

    [Fact]
    public void An_error_after_many_notes_is_kept()
        => Assert.Contains(
            Given.Text(string.Concat(Enumerable.Repeat("{apiVersion: v1, kind: ConfigMap}\n---\n", 1500))
                + "{kind: Pod}\n").Diagnostics,
            d => d.Code == Codes.MissingField);

    [Fact]
    public void Endless_errors_are_cut() =>
        Assert.Equal(1001, Given.Text(string.Concat(Enumerable.Repeat("{kind: Pod}\n---\n", 5000))).Diagnostics.Count);
}
