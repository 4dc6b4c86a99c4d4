namespace Dataplane.Integration.Daemon;

/// <summary>The manifests of the daemon's tests.</summary>
internal static class Yaml
{
    public static string Pod(string name, string ns = "x", string? status = null) =>
        $"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: {ns}, labels: {{app: {name}}}}}\nspec: {{containers: [{{name: c, ports: [{{containerPort: 80}}]}}]}}\n"
        + (status is null ? "" : $"status: {status}\n");

    public static string DenyAll(string name = "closed", string ns = "x") =>
        $"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}, namespace: {ns}}}\nspec: {{podSelector: {{}}}}\n";
}
