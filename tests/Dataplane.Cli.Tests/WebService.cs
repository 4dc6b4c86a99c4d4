namespace Dataplane.Cli.Tests;

/// <summary>A Service that a policy closes in part, for tests of questions about it.</summary>
internal static class WebService
{
    /// <summary>Two backends, of which a policy closes one; and a Service that finds nobody.</summary>
    public const string Manifests = """
        {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: x}, spec: {containers: [{name: c}]}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: w-0, namespace: x, labels: {app: web}},
          spec: {containers: [{name: c, ports: [{containerPort: 8080}]}]}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: w-1, namespace: x, labels: {app: web, closed: "true"}},
          spec: {containers: [{name: c, ports: [{containerPort: 8080}]}]}}
        ---
        {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: close, namespace: x},
          spec: {podSelector: {matchLabels: {closed: "true"}}}}
        ---
        {apiVersion: v1, kind: Service, metadata: {name: none, namespace: x},
          spec: {clusterIP: 10.96.3.5, selector: {app: none}, ports: [{port: 80}]}}

        """;

    public const string Service = """
        {apiVersion: v1, kind: Service, metadata: {name: web, namespace: x},
          spec: {type: NodePort, clusterIP: 10.96.3.4, selector: {app: web},
            ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}}

        """;
}
