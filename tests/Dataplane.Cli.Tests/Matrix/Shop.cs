namespace Dataplane.Cli.Tests;

/// <summary>A shop of workloads, of which only the api may use the database, and a pod of another namespace.</summary>
internal static class Shop
{
    public static readonly string Text = string.Join("---\n", Workload("web", 3, 80), Workload("api", 2, 8080),
        Workload("postgres", 1, null), Pod("shop", "debug"), Pod("ops", "intruder"), """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: db, namespace: shop }
        spec:
          podSelector: { matchLabels: { app: postgres } }
          ingress:
            - from: [{ podSelector: { matchLabels: { app: api } } }]
              ports: [{ port: 5432 }]

        """);

    public static string Workload(string name, int replicas, int? port)
    {
        var ports = port is { } p ? $", ports: [{{ containerPort: {p} }}]" : "";
        return $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: {{name}}, namespace: shop }
        spec:
          replicas: {{replicas}}
          selector: { matchLabels: { app: {{name}} } }
          template:
            metadata: { labels: { app: {{name}} } }
            spec: { containers: [{ name: c, image: i{{ports}} }] }

        """;
    }

    public static string Pod(string ns, string name) => $"apiVersion: v1\nkind: Pod\nmetadata: "
        + $"{{ name: {name}, namespace: {ns} }}\nspec: {{ containers: [{{ name: c, image: i }}] }}\n";
}
