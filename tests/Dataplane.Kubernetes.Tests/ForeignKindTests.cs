using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Kubernetes.Tests;

/// <summary>Kinds that are not read: what decides traffic is refused, what is harmless is skipped.</summary>
public sealed class ForeignKindTests
{
    private static LoadResult Kind(string apiVersion, string kind) =>
        Given.Text($"apiVersion: {apiVersion}\nkind: {kind}\nmetadata: {{name: a, namespace: x}}\nspec: {{x: 1}}\n");

    [Theory]
    [InlineData("k8s.ovn.org/v1", "EgressFirewall")]
    [InlineData("k8s.ovn.org/v1", "UserDefinedNetwork")]
    [InlineData("k8s.ovn.org/v1", "ClusterUserDefinedNetwork")]
    [InlineData("network.openshift.io/v1", "EgressNetworkPolicy")]
    [InlineData("network.openshift.io/v1", "NetNamespace")]
    [InlineData("vpcresources.k8s.aws/v1beta1", "SecurityGroupPolicy")]
    [InlineData("security.istio.io/v1", "AuthorizationPolicy")]
    [InlineData("security.istio.io/v1", "PeerAuthentication")]
    [InlineData("networking.istio.io/v1", "Sidecar")]
    [InlineData("policy.linkerd.io/v1beta3", "Server")]
    [InlineData("policy.linkerd.io/v1alpha1", "MeshTLSAuthentication")]
    [InlineData("cilium.io/v2", "CiliumEnvoyConfig")]
    [InlineData("projectcalico.org/v3", "Profile")]
    [InlineData("projectcalico.org/v3", "HostEndpoint")]
    [InlineData("kubeovn.io/v1", "Subnet")]
    [InlineData("kubeovn.io/v1", "SecurityGroup")]
    [InlineData("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition")]
    [InlineData("kuma.io/v1alpha1", "MeshTrafficPermission")]
    [InlineData("consul.hashicorp.com/v1alpha1", "ServiceIntentions")]
    [InlineData("access.smi-spec.io/v1alpha3", "TrafficTarget")]
    [InlineData("chaos-mesh.org/v1alpha1", "NetworkChaos")]
    [InlineData("gateway.envoyproxy.io/v1alpha1", "SecurityPolicy")]
    [InlineData("example.com/v1", "HostFirewall")]
    [InlineData("firewall.example.com/v1", "RuleSet")]
    [InlineData("policies.example.com/v1", "Rule")]
    [InlineData("example.com/v1", "ResourcePolicy")]
    [InlineData("compute.cnrm.cloud.google.com/v1beta1", "ComputeFirewall")]
    public void What_decides_traffic_is_refused(string apiVersion, string kind)
    {
        var refusal = Kind(apiVersion, kind).Only(Codes.UnsupportedPolicy);
        Assert.Equal((Severity.Error, 2), (refusal.Severity, refusal.Position.Line));
        Assert.Contains("--ignore K019", refusal.Help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("policy/v1", "PodDisruptionBudget")]
    [InlineData("policy/v1beta1", "PodSecurityPolicy")]
    [InlineData("kyverno.io/v1", "ClusterPolicy")]
    [InlineData("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy")]
    [InlineData("iam.cnrm.cloud.google.com/v1beta1", "IAMPolicy")]
    [InlineData("iam.aws.upbound.io/v1beta1", "RolePolicyAttachment")]
    [InlineData("policy.open-cluster-management.io/v1", "Policy")]
    [InlineData("wgpolicyk8s.io/v1alpha2", "PolicyReport")]
    [InlineData("policy.cert-manager.io/v1alpha1", "CertificateRequestPolicy")]
    [InlineData("image.toolkit.fluxcd.io/v1beta2", "ImagePolicy")]
    [InlineData("policy.karmada.io/v1alpha1", "PropagationPolicy")]
    [InlineData("cilium.io/v2alpha1", "CiliumL2AnnouncementPolicy")]
    [InlineData("audit.k8s.io/v1", "Policy")]
    [InlineData("cert-manager.io/v1", "Certificate")]
    [InlineData("monitoring.coreos.com/v1", "ServiceMonitor")]
    [InlineData("route.openshift.io/v1", "Route")]
    [InlineData("autoscaling/v2", "HorizontalPodAutoscaler")]
    public void What_is_known_to_be_harmless_is_skipped(string apiVersion, string kind) =>
        Assert.Equal(Severity.Note, Kind(apiVersion, kind).Only(Codes.SkippedKind).Severity);

    [Fact]
    public void A_refusal_says_why()
    {
        Assert.Contains("its name says firewall", Kind("example.com/v1", "HostFirewall").Diagnostics[0].Label);
        Assert.Contains("its group says policy", Kind("policy.example.com/v1", "Rule").Diagnostics[0].Label);
    }

    [Fact]
    public void A_list_of_what_decides_traffic_is_refused() => Given.Text(
        "apiVersion: k8s.ovn.org/v1\nkind: EgressFirewallList\nitems: [{metadata: {name: default}}]\n")
        .Only(Codes.UnsupportedPolicy);
}
