using Dataplane.Kubernetes.Loading;

namespace Dataplane.Kubernetes.Tests;

/// <summary>Policies of the Admin and Baseline tiers, loaded from the part of their text a test is about.</summary>
internal static class TierTexts
{
    public const string Subject = "subject: {namespaces: {}}\n";

    public static LoadResult Cluster(string spec)
        => Given.Text(
            "apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: p}\nspec:\n"
                + Indent(spec));

    public static LoadResult Admin(string spec)
        => Given.Text(
            "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: p}\nspec:\n"
                + Indent(spec));

    public static LoadResult Baseline(string spec, string name = "default")
        => Given.Text("apiVersion: policy.networking.k8s.io/v1alpha1\nkind: BaselineAdminNetworkPolicy\n"
            + $"metadata: {{name: {name}}}\nspec:\n" + Indent(spec));

    public static LoadResult ClusterEgress(string rule) =>
        Cluster("tier: Admin\npriority: 1\n" + Subject + "egress:\n- " + rule);

    public static LoadResult ClusterIngress(string rule) =>
        Cluster("tier: Admin\npriority: 1\n" + Subject + "ingress:\n- " + rule);

    public static LoadResult ClusterPort(string protocol) =>
        ClusterIngress("{action: Deny, from: [{namespaces: {}}], protocols: [" + protocol + "]}");

    public static LoadResult AdminPort(string port)
        => Admin("priority: 1\n" + Subject + "ingress:\n- {action: Deny, from: [{namespaces: {}}], ports: [" + port
            + "]}");

    private static string Indent(string lines) => string.Join('\n', lines.Split('\n').Select(l => "  " + l));
}
