using Dataplane.Api;

namespace Dataplane.Cli.Tests;

/// <summary>The manifests of Services, as <c>get -o yaml</c> shows them.</summary>
public sealed class ServiceManifestTests : IDisposable
{
    private readonly Cli _cli = new();
    private readonly CannedDaemon _daemon;

    public ServiceManifestTests() => _daemon = new CannedDaemon(_cli.Socket);

    public void Dispose()
    {
        _daemon.Dispose();
        _cli.Dispose();
    }

    [Fact]
    public void What_was_assigned_stands_in_the_fields_that_a_cluster_has_for_it()
    {
        const string Text = "# ours\napiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n"
            + "  metadata: {name: web, namespace: x}\n  spec:\n    type: LoadBalancer\n"
            + "    clusterIP:\n    externalTrafficPolicy: Local\n    ports:\n    - {name: a, port: 80}\n"
            + "    - {name: b, port: 81, targetPort: web, nodePort: 30081}\n"
            + "- apiVersion: v1\n  kind: Service\n  metadata:\n    name: none\n"
            + "  spec: {clusterIP: None, sessionAffinity: ClientIP, selector: {app: \"on\"}}\n";
        _daemon.Says("GET /v1/objects?kind=Service", new ObjectsResponse(3,
        [
            new ObjectEntry("Service", "x/web", "s.yaml", 1, "apply", Text)
            {
                Namespace = "x",
                Service = new ServiceEntry(["10.96.1.1", "fd00:10:96::101"], ["192.0.2.1"], [30086, 30081])
                {
                    Families = ["IPv4", "IPv6"], HealthCheckNodePort = 30087,
                },
            },
            new ObjectEntry("Service", "x/none", "s.yaml", 1, "apply", Text)
            {
                Namespace = "x", Service = new ServiceEntry([], [], []) { Families = ["IPv4"] },
            },
        ]), ApiJson.Default.ObjectsResponse);
        Assert.Equal("""
            # applied with -n x: the namespace of what names none
            apiVersion: v1
            kind: List
            items:
            - apiVersion: v1
              kind: Service
              metadata: {name: web, namespace: x}
              spec:
                type: LoadBalancer
                clusterIP: 10.96.1.1
                externalTrafficPolicy: Local
                ports:
                - {name: a, port: 80, protocol: TCP, targetPort: 80, nodePort: 30086}
                - {name: b, port: 81, targetPort: web, nodePort: 30081, protocol: TCP}
                clusterIPs:
                - 10.96.1.1
                - fd00:10:96::101
                ipFamilies:
                - IPv4
                - IPv6
                ipFamilyPolicy: SingleStack
                sessionAffinity: None
                internalTrafficPolicy: Cluster
                allocateLoadBalancerNodePorts: true
                healthCheckNodePort: 30087
              status:
                loadBalancer:
                  ingress:
                  - ip: 192.0.2.1
                    ipMode: VIP
            - apiVersion: v1
              kind: Service
              metadata:
                name: none
              spec: {clusterIP: None, sessionAffinity: ClientIP, selector: {app: "on"}, type: ClusterIP, clusterIPs: [None], ipFamilies: [IPv4], ipFamilyPolicy: SingleStack, sessionAffinityConfig: {clientIP: {timeoutSeconds: 10800}}, internalTrafficPolicy: Cluster}
              status:
                loadBalancer: {}

            """, _cli.Run("get", "svc", "-n", "x", "-o", "yaml").Out);
    }
}
