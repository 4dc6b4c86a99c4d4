namespace Dataplane.Policy.Tests.Warnings;

/// <summary>S024: two Services claim one address and port.</summary>
public sealed class ContestedFrontendTests
{
    private const string Pod = "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: x, labels: {app: web}}, "
        + "spec: {containers: [{name: c}]}}\n";

    private static string[] Told(params string[] specs) =>
        [.. WarningsOf.Text(Pod + string.Concat(specs.Select((spec, i) => "---\n{apiVersion: v1, kind: Service, "
            + $"metadata: {{name: s{i}, namespace: x}}, "
            + $"spec: {{clusterIP: 10.96.3.{4 + i}, selector: {{app: web}}, {spec}}}}}\n")))
            .Where(w => w.Code == "S024")
            .Select(w => $"{w.Position.Line} {w.Message}, {w.Related!.Value.Position.Line}")];

    [Theory]
    [InlineData("externalIPs: [192.0.2.5], ports: [{port: 80}]", "192.0.2.5, TCP 80")]
    [InlineData("type: NodePort, externalIPs: [192.0.2.5], ports: [{port: 80, nodePort: 30001}]", "192.0.2.5, TCP 80")]
    public void The_second_by_name_is_told_of_the_first(string second, string what) => Assert.Equal(
        [$"5 Service `x/s1` is not reached at {what}: Service `x/s0` claims it too, and gets the packets, 3"],
        Told("externalIPs: [192.0.2.5, 192.0.2.6], ports: [{port: 80}]", second));

    [Fact]
    public void An_external_address_comes_before_that_of_a_load_balancer() => Assert.Equal(
        ["3 Service `x/s0` is not reached at 192.0.2.5, TCP 80: Service `x/s1` claims it too, and gets the packets, 5"],
        [.. WarningsOf.Text(Pod + "---\n{apiVersion: v1, kind: Service, metadata: {name: s0, namespace: x}, spec: "
            + "{type: LoadBalancer, clusterIP: 10.96.3.4, selector: {app: web}, ports: [{port: 80}]}, status: "
            + "{loadBalancer: {ingress: [{ip: 192.0.2.5}]}}}\n---\n"
            + "{apiVersion: v1, kind: Service, metadata: {name: s1, namespace: x}, spec: "
            + "{clusterIP: 10.96.3.5, selector: {app: web}, externalIPs: [192.0.2.5], ports: [{port: 80}]}}\n")
            .Where(w => w.Code == "S024")
            .Select(w => $"{w.Position.Line} {w.Message}, {w.Related!.Value.Position.Line}")]);

    [Theory]
    [InlineData("externalIPs: [192.0.2.6], ports: [{port: 80}]")]
    [InlineData("externalIPs: [192.0.2.5], ports: [{port: 81}]")]
    [InlineData("externalIPs: [192.0.2.5], ports: [{port: 80, protocol: UDP}]")]
    [InlineData("ports: [{port: 80}]")]
    public void Another_address_port_or_protocol_is_no_other_claim(string second) =>
        Assert.Empty(Told("externalIPs: [192.0.2.5], ports: [{port: 80}]", second));
}
