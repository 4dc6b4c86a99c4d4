namespace Dataplane.Policy.Tests.Warnings;

/// <summary>S019: the port or the address of a Service in a policy.</summary>
public sealed class ServicePortTests
{
    private const string Pods = "{apiVersion: v1, kind: Service, metadata: {name: db, namespace: shop}, spec: "
        + "{clusterIP: 10.96.3.4, selector: {app: db}, ports: [{name: pg, port: 5432, targetPort: 15432}, "
        + "{name: same, port: 8080}]}}\n---\n"
        + "{apiVersion: v1, kind: Pod, metadata: {name: db-0, namespace: shop, labels: {app: db}}, spec: "
        + "{containers: [{name: c, ports: [{name: pgsql, containerPort: 15432}]}]}}\n---\n"
        + "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}}, spec: "
        + "{containers: [{name: c}]}}\n---\n";

    private static string[] Messages(string spec) => [.. WarningsOf.Text(Pods + "{apiVersion: networking.k8s.io/v1, "
        + $"kind: NetworkPolicy, metadata: {{name: p, namespace: shop}}, spec: {{{spec}}}}}")
        .Where(w => w.Code is "S016" or "S019").Select(w => $"{w.Code} {w.Message} - {w.Help}")];

    [Theory]
    [InlineData("podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{port: 5432}]}]")]
    [InlineData("podSelector: {matchLabels: {app: web}}, egress: [{to: [{podSelector: {matchLabels: {app: db}}}], "
        + "ports: [{port: 5432}]}, {ports: [{port: 53, protocol: UDP}]}]")]
    public void The_port_that_the_service_maps_is_named(string spec) => Assert.Equal(
        ["S019 no selected pod listens on TCP 5432; Service `shop/db` maps it to 15432 - write `port: 15432`"],
        Messages(spec));

    [Theory]
    [InlineData("podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{port: 15432}, {port: 8080}, {port: 9}]}]")]
    [InlineData("podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{port: 5432, protocol: UDP}]}]")]
    [InlineData("podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 5432}]}]")]
    [InlineData("podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]")]
    [InlineData("podSelector: {}, egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.244.0.0/16]}}]}]")]
    [InlineData("podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.97.0.0/16}}]}]")]
    [InlineData("podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.96.0.0/16, except: [10.96.3.0/24]}}]}]")]
    public void Other_ports_and_pods_are_silent(string spec) => Assert.Empty(Messages(spec));

    [Fact]
    public void The_name_of_the_services_port_is_told_from_the_containers() => Assert.Equal(
        ["S016 `shop/db-0` does not declare a port named `pg` for TCP - write `port: 15432`: policies are about the "
            + "ports of pods"],
        Messages("podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{port: pg}]}]"));

    [Fact]
    public void The_address_of_the_service_is_no_destination() => Assert.Equal(
        ["S019 ipBlock 10.96.3.4/32 is the ClusterIP of Service `shop/db` - select the pods behind it: "
            + "`podSelector: {matchLabels: {app: db}}`"],
        Messages("podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.96.3.4/32}}]}]"));

    [Fact]
    public void Nor_is_a_network_that_has_no_others() => Assert.Equal(
        ["S019 ipBlock 10.96.0.0/16 has ClusterIPs and no pod in it, such as that of Service `shop/db` - select the "
            + "pods behind the Services by their labels"],
        Messages("podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.96.0.0/16}}]}]"));
}
