using Dataplane.Control.Refusals;
using Dataplane.Planning;

namespace Dataplane.Daemon.Tests.State;

/// <summary>Ports of the node that lead to pods: who can have which.</summary>
public sealed class HostPortTests
{
    [Theory]
    [InlineData("containerPort: 80, hostPort: 8080", "containerPort: 81, hostPort: 8080", true)]
    [InlineData("containerPort: 80, hostPort: 8080", "containerPort: 80, hostPort: 8081", false)]
    [InlineData("containerPort: 80, hostPort: 8080", "containerPort: 80, hostPort: 8080, protocol: UDP", false)]
    [InlineData("containerPort: 80, hostPort: 8080", "containerPort: 80, hostPort: 8080, hostIP: 192.0.2.1", true)]
    [InlineData("containerPort: 80, hostPort: 8080, hostIP: 0.0.0.0",
        "containerPort: 80, hostPort: 8080, hostIP: 'fd00::1'", true)]
    [InlineData("containerPort: 80, hostPort: 8080, hostIP: '::'",
        "containerPort: 80, hostPort: 8080, hostIP: 192.0.2.1", false)]
    [InlineData("containerPort: 80, hostPort: 8080, hostIP: '::'",
        "containerPort: 80, hostPort: 8080, hostIP: 'fd00::1'", true)]
    [InlineData("containerPort: 80, hostPort: 8080, hostIP: 192.0.2.1",
        "containerPort: 80, hostPort: 8080, hostIP: 192.0.2.2", false)]
    [InlineData("containerPort: 80, hostPort: 8080, hostIP: 192.0.2.1",
        "containerPort: 80, hostPort: 8080, hostIP: 192.0.2.1", true)]
    public void Two_pods_cannot_have_one_port_of_the_node(string one, string other, bool meet)
    {
        string[] both = [Pod("a", one), Pod("b", other)];
        // At once, and one after the other, which is another way through planning.
        var first = Given.Start.Apply("p.yaml", Pod("a", one));
        if (!meet)
        {
            Assert.Equal(2, Given.Start.Apply("p.yaml", both).Cluster.Pods.Count);
            Assert.Equal(2, first.Apply("q.yaml", Pod("b", other)).Cluster.Pods.Count);
            return;
        }
        var wrong = Refused(() => Given.Start.Apply("p.yaml", both));
        Assert.Contains("pod x/b cannot have port 8080 of the node: pod x/a has it, at p.yaml:4:", wrong.Message,
            StringComparison.Ordinal);
        Assert.Equal((4, 9), (wrong.Related!.Value.Position.Line, wrong.Position.Line));
        Refused(() => first.Apply("q.yaml", Pod("b", other)));
        // Without the first, the second has it.
        Assert.Single(first.Delete("Pod", "x/a").Apply("q.yaml", Pod("b", other))
            .Cluster.Pods, p => p.Name == "x/b");
    }

    [Fact]
    public void A_pod_cannot_ask_for_a_port_of_the_node_twice() => Assert.Contains(
        "pod x/a asks for port 8080 of the node twice", Refused(() => Given.Start.Apply("p.yaml",
            Pod("a", "containerPort: 80, hostPort: 8080", "containerPort: 81, hostPort: 8080"))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_pod_in_the_nodes_network_has_the_ports_that_it_declares()
    {
        var host = Pod("a", "containerPort: 8080").Replace("spec: {", "spec: {hostNetwork: true, ",
            StringComparison.Ordinal);
        Refused(() => Given.Start.Apply("p.yaml", host, Pod("b", "containerPort: 80, hostPort: 8080")));
        // Two of them are the business of the programs that listen.
        Given.Start.Apply("p.yaml", host, host.Replace("name: a,", "name: b,", StringComparison.Ordinal));
    }

    [Fact]
    public void Pods_of_other_nodes_and_copies_of_one_workload_are_no_conflict()
    {
        const string Port = "containerPort: 80, hostPort: 8080";
        Given.Start.Apply("p.yaml", OnNode("a", "one"), OnNode("b", "two"));
        Refused(() => Given.Start.Apply("p.yaml", OnNode("a", "one"), OnNode("b", "one")));
        Refused(() => Given.Start.Apply("p.yaml", OnNode("a", "one"), Pod("b", Port)));
        Given.Start.Apply("p.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, namespace: x}\n"
            + "spec: {replicas: 2, selector: {matchLabels: {app: d}}, template: {metadata: {labels: {app: d}}, "
            + $"spec: {{containers: [{{name: d, image: d, ports: [{{{Port}}}]}}]}}}}}}\n");

        string OnNode(string name, string node) => Pod(name, Port).Replace("spec: {", $"spec: {{nodeName: {node}, ",
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_Service_and_a_pod_cannot_have_one_port_of_the_node()
    {
        var pod = Pod("a", "containerPort: 80, hostPort: 30080");
        var asking = Service("type: NodePort, ports: [{port: 80, nodePort: 30080}]");
        var wrong = Refused(() => Given.Start.Apply("p.yaml", pod, asking));
        Assert.Contains("Service x/web cannot have port 30080 of the node: pod x/a has it, at p.yaml:4:",
            wrong.Message, StringComparison.Ordinal);
        Refused(() => Given.Start.Apply("p.yaml", pod).Apply("s.yaml", asking));
        wrong = Refused(() => Given.Start.Apply("s.yaml", asking).Apply("p.yaml", pod));
        Assert.Equal((4, "s.yaml"), (wrong.Related!.Value.Position.Line, wrong.Position.File));
    }

    [Fact]
    public void What_a_Service_was_given_no_pod_takes_and_what_a_pod_has_no_Service_is_given()
    {
        var given = Service("type: NodePort, ports: [{port: 80}]");
        var wrong = Refused(() => Given.Start.Apply("s.yaml", given)
            .Apply("p.yaml", Pod("a", "containerPort: 80, hostPort: 30086")));
        Assert.Contains("pod x/a cannot have port 30086 of the node: Service x/web has it, at s.yaml:1:1",
            wrong.Message, StringComparison.Ordinal);
        var plan = Given.Start.Apply("p.yaml", Pod("a", "containerPort: 80, hostPort: 30086")).Apply("s.yaml", given);
        Assert.Equal((ushort)30087, Assert.Single(plan.Cluster.Services).NodePorts[0]);
    }

    private static Kubernetes.Diagnostics.Diagnostic Refused(Action apply)
    {
        var wrong = Assert.Single(Assert.Throws<RefusalException>(apply).Diagnostics);
        Assert.Equal(AddressCodes.NodePortTaken, wrong.Code);
        return wrong;
    }

    private static string Pod(string name, params string[] ports) =>
        $"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: x}}\n"
        + "spec: {containers: [{name: c, image: c, ports: "
        + $"[{string.Join(", ", ports.Select(p => $"{{{p}}}"))}]}}]}}\n";

    private static string Service(string spec) =>
        $"apiVersion: v1\nkind: Service\nmetadata: {{name: web, namespace: x}}\nspec: {{{spec}}}\n";
}
