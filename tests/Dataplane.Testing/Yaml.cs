namespace Dataplane.Testing;

/// <summary>Manifests of a few lines, one document each.</summary>
public static class Yaml
{
    /// <param name="app">Null: the pod's name.</param>
    /// <param name="status">Flow style, such as <c>{podIP: 10.9.9.9}</c>; null: none.</param>
    public static string Pod(string name, string ns = "x", string? app = null, string? status = null) =>
        "apiVersion: v1\nkind: Pod\n"
            + $"metadata: {{name: {name}, namespace: {Word(ns)}, labels: {{app: {app ?? name}}}}}\n"
        + "spec: {containers: [{name: c, ports: [{containerPort: 80}]}]}\n"
        + (status is null ? "" : $"status: {status}\n");

    /// <summary>A policy that lets nothing into any pod of its namespace.</summary>
    public static string DenyAll(string name = "closed", string ns = "x") =>
        $"apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}, namespace: {Word(ns)}}}\n"
        + "spec: {podSelector: {}}\n";

    /// <summary>In YAML 1.1, as Kubernetes reads it, y and n are booleans.</summary>
    private static string Word(string word) => word is "y" or "n" ? $"'{word}'" : word;
}
