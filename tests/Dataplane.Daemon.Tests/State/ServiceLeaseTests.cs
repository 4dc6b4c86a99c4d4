using Dataplane.Control.Reconcile;
using Dataplane.Control.Refusals;
using Dataplane.Control.State;
using Dataplane.Planning;
using Dataplane.Planning.Services;
using Dataplane.Policy.Model;

namespace Dataplane.Daemon.Tests.State;

/// <summary>ClusterIPs, ports of the node and pools: who gets what, keeps it, and is refused it.</summary>
public sealed class ServiceLeaseTests
{
    [Theory]
    [InlineData("ports: [{port: 80}]", "10.96.1.1 ")]
    [InlineData("ipFamilies: [IPv6], ports: [{port: 80}]", " fd00:10:96::101")]
    [InlineData("ipFamilyPolicy: PreferDualStack, ports: [{port: 80}]", "10.96.1.1 fd00:10:96::101")]
    [InlineData("ipFamilyPolicy: RequireDualStack, clusterIP: 'fd00:10:96::7', ports: [{port: 80}]",
        "10.96.1.1 fd00:10:96::7")]
    [InlineData("clusterIP: 10.96.0.7, ports: [{port: 80}]", "10.96.0.7 ")]
    [InlineData("clusterIP: None, ports: [{port: 80}]", " ")]
    [InlineData("type: ExternalName, externalName: a.test", " ")]
    public void ClusterIPs_are_those_of_the_api_server(string spec, string addresses)
    {
        var placed = Of(Given.Start.Apply("s.yaml", Service("web", spec)), "web");
        Assert.Equal(addresses, $"{placed.Addresses.IPv4} {placed.Addresses.IPv6}");
    }

    [Theory]
    [InlineData("clusterIP: None", "IPv4,IPv6")]
    [InlineData("clusterIP: None, selector: {app: a}", "IPv4")]
    [InlineData("clusterIP: None, selector: {app: a}, ipFamilies: [IPv6], ipFamilyPolicy: PreferDualStack",
        "IPv6,IPv4")]
    [InlineData("type: ExternalName, externalName: a.test", "")]
    public void Families_are_those_of_the_api_server(string spec, string families) => Assert.Equal(families,
        string.Join(',', Of(Given.Start.Apply("s.yaml", Service("web", spec)), "web").Families.Select(f => f.Text())));

    [Theory]
    [InlineData("type: NodePort, ports: [{port: 80}]", "30086 ")]
    [InlineData("type: NodePort, ports: [{port: 80, nodePort: 30080}]", "30080 ")]
    // One number for all protocols of a port, also where one protocol alone asks for it.
    [InlineData("type: NodePort, ports: [{name: a, port: 53, protocol: UDP}, {name: b, port: 53}, {name: c, port: 80}]",
        "30086,30086,30087 ")]
    [InlineData("type: NodePort, ports: [{name: a, port: 53, protocol: UDP}, {name: b, port: 53, nodePort: 30053}]",
        "30053,30053 ")]
    [InlineData("type: LoadBalancer, externalTrafficPolicy: Local, ports: [{port: 80}]", "30086 30087")]
    [InlineData("type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 30100, ports: [{port: 80}]",
        "30086 30100")]
    [InlineData("type: LoadBalancer, allocateLoadBalancerNodePorts: false, ports: [{port: 80}]", " ")]
    [InlineData("type: LoadBalancer, allocateLoadBalancerNodePorts: false, ports: [{port: 80, nodePort: 30080}]",
        "30080 ")]
    [InlineData("ports: [{port: 80}]", " ")]
    public void Ports_of_the_node_are_those_of_the_api_server(string spec, string ports)
    {
        var placed = Of(Given.Start.Apply("s.yaml", Service("web", spec)), "web");
        Assert.Equal(ports, $"{string.Join(',', placed.NodePorts)} {placed.HealthCheckPort}");
    }

    [Fact]
    public void The_tenth_address_is_the_name_servers()
    {
        var dns = Service("kube-dns", "ports: [{port: 53}]").Replace("namespace: x", "namespace: kube-system",
            StringComparison.Ordinal);
        Assert.Equal("10.96.0.10", $"{Given.Start.Apply("s.yaml", dns).Cluster.Services[0].Addresses.IPv4}");
    }

    [Theory]
    [InlineData("clusterIP: 10.96.0.0", "it is not in the valid range, 10.96.0.0/16")]
    [InlineData("clusterIP: 10.96.255.255", "it is not in the valid range, 10.96.0.0/16")]
    [InlineData("clusterIP: 10.97.0.7", "it is not in the valid range, 10.96.0.0/16")]
    [InlineData("clusterIP: 'fd00:10:96::1:7'", "it is not in the valid range, fd00:10:96::/112")]
    [InlineData("clusterIP: 10.96.0.10", "it is kept for Service kube-system/kube-dns")]
    [InlineData("clusterIP: 10.96.0.1", "it is kept for Service default/kubernetes")]
    public void Addresses_that_no_service_can_have(string spec, string why) =>
        Refused("A003", why, Service("web", spec + ", ports: [{port: 80}]"));

    [Theory]
    [InlineData("type: NodePort, ports: [{port: 80, nodePort: 29999}]")]
    [InlineData("type: NodePort, ports: [{port: 80, nodePort: 32768}]")]
    [InlineData("type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 80, ports: [{port: 80}]")]
    public void Ports_that_no_service_can_have(string spec) =>
        Refused("A005", "it is not in the valid range, 30000-32767", Service("web", spec));

    [Fact]
    public void Two_services_cannot_have_one_address()
    {
        const string Spec = "clusterIP: 10.96.0.7, ports: [{port: 80}]";
        var wrong = Refused("A004", "cannot have the ClusterIP 10.96.0.7: Service x/a has it", Service("a", Spec),
            Service("b", Spec));
        Assert.Contains("has it, at s.yaml:4:19", wrong.Message, StringComparison.Ordinal);
        Assert.Equal((4, 9), (wrong.Related!.Value.Position.Line, wrong.Position.Line));
    }

    [Theory]
    [InlineData("protocol: TCP")]
    [InlineData("protocol: UDP")]
    public void Two_services_cannot_have_one_port_of_the_node_whatever_the_protocol(string protocol)
    {
        var wrong = Refused("A006", "cannot have port 30080 of the node: Service x/a has it",
            Service("a", "type: NodePort, ports: [{port: 80, nodePort: 30080}]"),
            Service("b", $"type: NodePort, ports: [{{port: 80, nodePort: 30080, {protocol}}}]"));
        Assert.Equal((4, 9), (wrong.Related!.Value.Position.Line, wrong.Position.Line));
    }

    /// <summary>Whoever comes first by name: the one that has it keeps it.</summary>
    [Theory]
    [InlineData("type: NodePort, ports: [{port: 80, nodePort: 30080}]", "cannot have port 30080 of the node", 4, 53)]
    [InlineData("clusterIP: 10.96.0.7, ports: [{port: 80}]", "cannot have the ClusterIP 10.96.0.7", 4, 19)]
    public void The_one_that_comes_is_refused_at_the_field(string spec, string what, int line, int column)
    {
        var plan = Given.Start.Apply("s.yaml", Service("z", spec));
        var wrong = Assert.Single(
            Assert.Throws<RefusalException>(() => plan.Apply("t.yaml", Service("a", spec))).Diagnostics);
        Assert.Equal($"Service x/a {what}: Service x/z has it, at s.yaml:{line}:{column}", wrong.Message);
        Assert.Equal(("t.yaml", line, column), (wrong.Position.File, wrong.Position.Line, wrong.Position.Column));
        Assert.Equal($"s.yaml:{line}:{column}", $"{wrong.Related!.Value.Position}");
    }

    /// <summary>ValidateServiceUpdate: a cluster refuses, or keeps what there was.</summary>
    [Theory]
    [InlineData("clusterIP: 10.96.0.7", "clusterIP: 10.96.0.8", "had 10.96.0.7: a cluster would refuse the change")]
    [InlineData("clusterIP: 10.96.0.7", "clusterIP: None", "had 10.96.0.7: a cluster would refuse the change")]
    [InlineData("selector: {a: b}", "clusterIP: None", "had 10.96.1.1: a cluster would refuse the change")]
    [InlineData("clusterIP: None", "selector: {a: b}", "had None: a cluster would leave it at None")]
    [InlineData("clusterIP: 10.96.0.7", "selector: {a: b}", null)]
    [InlineData("selector: {a: b}", "clusterIP: 10.96.1.1", null)]
    [InlineData("clusterIP: None", "clusterIP: None", null)]
    public void An_address_that_a_cluster_would_not_change_is_told(string before, string after, string? said)
    {
        const string Ports = ", ports: [{port: 80}]";
        var plan = Given.Start.Apply("s.yaml", Service("web", before + Ports));
        var now = Of(plan.Apply("s.yaml", Service("web", after + Ports)), "web");
        var remark = UnchangeableAddress.Of(Of(plan, "web"), now.Object);
        if (said is null) Assert.Null(remark);
        else Assert.Contains(said, remark!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_cannot_have_the_address_of_a_pod()
    {
        var wrong = Refused("A004", "cannot have the address 10.96.0.7: pod x/p has it",
            Yaml.Pod("p", "x") + "status: {podIP: 10.96.0.7}\n",
            Service("a", "clusterIP: 10.96.0.7, ports: [{port: 80}]"));
        Assert.Equal(1, wrong.Related!.Value.Position.Line);
    }

    [Fact]
    public void Nobody_can_ask_for_what_another_service_was_given()
    {
        var plan = Given.Start.Apply("s.yaml", Service("a", "type: NodePort, ports: [{port: 80}]"));
        Assert.Contains("Service x/a has it", Assert.Throws<RefusalException>(() => plan.Apply("t.yaml",
            Service("b", "clusterIP: 10.96.1.1, ports: [{port: 80}]"))).Message, StringComparison.Ordinal);
        Assert.Contains("Service x/a has it", Assert.Throws<RefusalException>(() => plan.Apply("t.yaml",
            Service("b", "type: NodePort, ports: [{port: 80, nodePort: 30086}]"))).Message, StringComparison.Ordinal);
        Assert.Contains("pod x/p has it", Assert.Throws<RefusalException>(() => plan.Apply("t.yaml",
            Yaml.Pod("p", "x") + "status: {podIP: 10.96.1.1}\n")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_keeps_what_it_has_over_edits_and_gives_it_back_with_its_end()
    {
        const string Local = "type: LoadBalancer, externalTrafficPolicy: Local, ";
        var plan = Given.Start.Apply("s.yaml", Service("m", Local + "ports: [{name: a, port: 80}]"));
        var before = Of(plan, "m");
        plan = plan.Apply("a.yaml", Service("a", Local + "ports: [{port: 80}]"))
            .Apply("s.yaml", Service("m", Local + "ports: [{name: b, port: 81}, {name: a, port: 8080}]"));
        var after = Of(plan, "m");
        Assert.Equal((before.Addresses, before.HealthCheckPort, before.NodePorts[0]),
            (after.Addresses, after.HealthCheckPort, after.NodePorts[1]));
        Assert.NotEqual(before.NodePorts[0], after.NodePorts[0]);
        plan = plan.Delete("Service", "x/m").Apply("t.yaml", Service("late",
            $"type: NodePort, clusterIP: {before.Addresses.IPv4}, "
                + $"ports: [{{port: 80, nodePort: {before.NodePorts[0]}}}]"));
        Assert.Equal(before.Addresses, Of(plan, "late").Addresses);
    }

    [Fact]
    public void What_was_asked_for_stays_when_nothing_is_asked_for_any_more()
    {
        var plan = Given.Start.Apply("s.yaml", Service("a", "clusterIP: 10.96.0.7, ports: [{port: 80}]"))
            .Apply("s.yaml", Service("a", "ports: [{port: 80}]"));
        Assert.Equal("10.96.0.7", $"{Of(plan, "a").Addresses.IPv4}");
    }

    [Fact]
    public void A_pool_gives_what_it_has_and_the_others_wait()
    {
        var node = new NodeOptions
        {
            Services = ServiceRanges.Default with { PoolIPv4 = System.Net.IPNetwork.Parse("192.0.2.0/31") },
        };
        const string Balanced = "type: LoadBalancer, ports: [{port: 80}]";
        var documents = Given.Documents("s.yaml", Service("a", Balanced), Service("b", Balanced),
            Service("c", "loadBalancerIP: 192.0.2.0, " + Balanced), Service("d", Balanced),
            Service("e", "loadBalancerClass: x.test/y, " + Balanced),
            Service("f", Balanced) + "status: {loadBalancer: {ingress: [{ip: 198.51.100.7}]}}\n");
        var plan = Given.Start.After(StateChange.Apply(Given.Start.State, documents, prune: false), node);
        Assert.Equal(["192.0.2.1", "", "192.0.2.0", "", "", "198.51.100.7"],
            plan.Cluster.Services.Select(s => string.Join(',', s.LoadBalancerAddresses)));
    }

    [Fact]
    public void Small_ranges_are_used_up_and_the_first_that_gets_nothing_is_named()
    {
        var node = new NodeOptions
        {
            Services = ServiceRanges.Default with { NetworkIPv4 = System.Net.IPNetwork.Parse("10.96.0.0/28") },
        };
        // Of fourteen addresses two are kept.
        var names = Enumerable.Range(0, 13).Select(i => $"s{i:D2}").ToList();
        var documents = Given.Documents("s.yaml", [.. names.Select(n => Service(n, "ports: [{port: 80}]"))]);
        var refusal = Assert.Throws<RefusalException>(() =>
            Given.Start.After(StateChange.Apply(Given.Start.State, documents, prune: false), node));
        Assert.Equal("A007", Assert.Single(refusal.Diagnostics).Code);
        Assert.Contains("x/s12", refusal.Diagnostics[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_of_one_service_leaves_the_others_the_same_objects()
    {
        var plan = Given.Start.Apply("s.yaml", Service("a", "ports: [{port: 80}]"),
            Service("b", "ports: [{port: 80}]"));
        var next = plan.Apply("t.yaml", Service("c", "ports: [{port: 80}]"));
        Assert.Equal(3, next.Cluster.Services.Count);
        Assert.Same(Of(plan, "a"), Of(next, "a"));
        Assert.Same(Of(plan, "b"), Of(next, "b"));
        Assert.Same(next.Cluster.Services, next.Apply("p.yaml", Yaml.Pod("p", "x")).Cluster.Services);
    }

    [Fact]
    public void Endpoints_of_a_change_are_in_the_cluster() => Assert.Equal("x/web", Assert.Single(
        Given.Start.Apply("p.yaml", Yaml.Pod("p", "x"))
            .Apply("e.yaml", "apiVersion: v1\nkind: Endpoints\nmetadata: {name: web, namespace: x}\n")
            .Cluster.Endpoints).FullName);

    private static PlacedService Of(Plan plan, string name) => plan.Cluster.Services.Single(s => s.Name == $"x/{name}");

    private static Kubernetes.Diagnostics.Diagnostic Refused(string code, string why, params string[] documents)
    {
        var refusal = Assert.Throws<RefusalException>(() => Given.Start.Apply("s.yaml", documents));
        var wrong = Assert.Single(refusal.Diagnostics);
        Assert.Equal(code, wrong.Code);
        Assert.Contains(why, wrong.Message, StringComparison.Ordinal);
        return wrong;
    }

    private static string Service(string name, string spec) =>
        $"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: x}}\nspec: {{{spec}}}\n";
}
