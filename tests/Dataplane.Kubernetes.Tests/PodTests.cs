using System.Net;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Kubernetes.Tests;

public sealed class PodTests
{
    private const string Spec = "spec: {containers: [{name: c}]}\n";

    [Fact]
    public void Ports_of_containers_and_sidecars_count()
    {
        var pod = Given.PodWith("""
            spec:
              hostNetwork: true
              containers:
              - name: a
                ports: [{name: web, containerPort: 80, hostPort: 80}, {containerPort: 53, protocol: UDP}]
              - name: b
                ports: [{name: web, containerPort: 81, protocol: SCTP}]
              initContainers:
              - {name: side, restartPolicy: Always, ports: [{containerPort: 90}]}
              - {name: once, ports: [{containerPort: 91}]}
            """).Pod();
        Assert.Equal(["web 80 Tcp", " 53 Udp", "web 81 Sctp", " 90 Tcp"],
            pod.Ports.Select(p => $"{p.Name} {p.Port} {p.Protocol}"));
        Assert.True(pod.HostNetwork);
        Assert.Equal("default", pod.Namespace);
    }

    [Theory]
    [InlineData("", Codes.MissingField)]
    [InlineData("spec: {}", Codes.MissingField)]
    [InlineData("spec: {containers: []}", Codes.MissingField)]
    [InlineData("spec: {containers: [{image: x}]}", Codes.MissingField)]
    [InlineData("spec: {containers: [{name: A}]}", Codes.InvalidName)]
    [InlineData("spec: {containers: [{name: a}, {name: a}]}", Codes.DuplicateName)]
    [InlineData("spec: {containers: {name: a}}", Codes.WrongType)]
    [InlineData("spec: {containers: [{name: a}], hostNetwork: 'true'}", Codes.WrongType)]
    [InlineData("spec: {containers: [{name: a}], hostNetwork: 'yes'}", Codes.WrongType)]
    public void Faults_of_the_spec(string lines, string code) => Given.PodWith(lines).Only(code);

    [Theory]
    [InlineData("{containerPort: 0}", Codes.InvalidPort)]
    [InlineData("{containerPort: '80'}", Codes.WrongType)]
    [InlineData("{containerPort: http}", Codes.WrongType)]
    [InlineData("{name: x}", Codes.MissingField)]
    [InlineData("{containerPort: 80, name: X}", Codes.InvalidPort)]
    [InlineData("{containerPort: 80, name: '80'}", Codes.InvalidPort)]
    [InlineData("{containerPort: 80, protocol: Tcp}", Codes.NotOneOf)]
    [InlineData("{containerPort: 80, hostPort: 70000}", Codes.InvalidPort)]
    [InlineData("{containerPort: 80, hostPort: 80, hostIP: here}", Codes.InvalidAddress)]
    [InlineData("{containerPort: 80, hostPort: 80, hostIP: 224.0.0.1}", Codes.InvalidAddress)]
    [InlineData("{containerPort: 80, hostPort: 80, hostIP: 127.0.0.1}", Codes.CannotBeDone)]
    [InlineData("{containerPort: 80, name: a}, {containerPort: 81, name: a}", Codes.DuplicateName)]
    public void Faults_of_ports(string ports, string code) => Given.Container($"ports: [{ports}]").Only(code);

    [Theory]
    [InlineData("{containerPort: 80}", "")]
    [InlineData("{containerPort: 80, hostPort: 0}", "")]
    [InlineData("{containerPort: 80, hostPort: 8080}", "8080 Tcp  80")]
    [InlineData("{containerPort: 53, hostPort: 53, hostIP: 0.0.0.0, protocol: UDP}", "53 Udp 0.0.0.0 53")]
    [InlineData("{containerPort: 80, hostPort: 80, hostIP: '::'}, {containerPort: 81, hostPort: 81, hostIP: ''}",
        "80 Tcp :: 80, 81 Tcp  81")]
    public void Ports_of_the_node(string ports, string expected) => Assert.Equal(expected, string.Join(", ",
        Given.Container($"ports: [{ports}]").Pod().HostPorts
            .Select(p => $"{p.Number} {p.Protocol} {p.Address} {p.Target}")));

    [Fact]
    public void In_the_nodes_network_a_port_is_the_nodes_own()
    {
        const string Pod = "spec: {hostNetwork: true, nodeName: here, containers: [{name: a, ports: [PORT]}]}";
        var pod = Given.PodWith(Pod.Replace("PORT", "{containerPort: 80}", StringComparison.Ordinal)).Pod();
        Assert.Equal(["80 80"], pod.HostPorts.Select(p => $"{p.Number} {p.Target}"));
        Assert.Equal("here", pod.NodeName);
        Given.PodWith(Pod.Replace("PORT", "{containerPort: 80, hostPort: 81}", StringComparison.Ordinal))
            .Only(Codes.InvalidPort);
    }

    [Theory]
    [InlineData("{podIP: 10.0.0.1}", "10.0.0.1")]
    [InlineData("{podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: 'fd00::1'}]}", "10.0.0.1 fd00::1")]
    [InlineData("{podIPs: [{ip: 'fd00::1'}], podIP: 10.0.0.1}", "fd00::1 10.0.0.1")]
    [InlineData("{podIP: 10.0.0.1, phase: Running}", "10.0.0.1")]
    [InlineData("{podIP: '', phase: Pending}", "")]
    [InlineData("{}", "")]
    public void Requested_addresses(string status, string addresses)
        => Assert.Equal(addresses, string.Join(' ',
            Given.PodWith(Spec + "status: " + status).Pod().RequestedAddresses.Select(a => a.ToString())));

    [Theory]
    [InlineData("{podIP: 10.0.0}")]
    [InlineData("{podIP: 10.0.0.01}")]
    [InlineData("{podIP: 10.0.0.1/32}")]
    [InlineData("{podIP: 127.0.0.1}")]
    [InlineData("{podIP: 0.0.0.0}")]
    [InlineData("{podIP: 255.255.255.255}")]
    [InlineData("{podIP: 'fe80::1'}")]
    [InlineData("{podIP: '::'}")]
    [InlineData("{podIP: '::ffff:10.0.0.1'}")]
    [InlineData("{podIPs: [{ip: 10.0.0.1}, {ip: 10.0.0.2}]}")]
    [InlineData("{podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.2}]}")]
    public void Addresses_no_pod_can_have(string status) =>
        Given.PodWith(Spec + "status: " + status).Only(Codes.InvalidAddress);

    private static string Addressed(string name, string address, bool host = false)
        => $"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec: {{hostNetwork: {(host ? "true" : "false")}, "
            + $"containers: [{{name: c}}]}}\nstatus: {{podIP: '{address}'}}\n---\n";

    [Fact]
    public void Two_pods_cannot_have_one_address()
    {
        var d = Given.Text(Addressed("a", "fd00::1") + Addressed("b", "fd00:0::1")).Only(Codes.DuplicateAddress);
        Assert.Contains("`default/a` and `default/b`", d.Message);
        Assert.Equal((7, 1), (d.Position.Line, d.Related!.Value.Position.Line));
    }

    [Fact]
    public void Pods_of_the_node_share_its_address()
        => Assert.Equal(IPAddress.Parse("10.0.0.9"),
            Given.Text(Addressed("a", "10.0.0.9", true) + Addressed("b", "10.0.0.9", true))
                .Clean().Pods[1].RequestedAddresses[0]);

    [Theory]
    [InlineData("", true)]
    [InlineData("status: {conditions: [{type: Ready, status: 'True'}]}", true)]
    [InlineData("status: {conditions: [{type: Ready, status: 'False'}]}", false)]
    [InlineData("status: {conditions: [{type: Ready, status: Unknown}]}", false)]
    [InlineData("status: {conditions: [{type: ContainersReady, status: 'False'}]}", true)]
    public void A_pod_is_ready_unless_its_condition_says_otherwise(string status, bool isReady) =>
        Assert.Equal(isReady, Given.PodWith(Spec + status).Pod().IsReady);

    [Theory]
    [InlineData("{type: Ready, status: False}", Codes.WrongType)]
    [InlineData("{type: Ready, status: 'false'}", Codes.NotOneOf)]
    [InlineData("{type: Ready}", Codes.MissingField)]
    [InlineData("{type: Ready, state: 'False', status: 'False'}", Codes.UnknownField)]
    public void Faults_of_conditions(string condition, string code) =>
        Given.PodWith(Spec + $"status: {{conditions: [{condition}]}}").Only(code);

    [Fact]
    public void A_pod_may_be_about_to_go() => Assert.True(Given.Text("apiVersion: v1\nkind: Pod\n"
        + "metadata: {name: p, deletionTimestamp: '2026-01-01T00:00:00Z'}\n" + Spec).Pod().IsTerminating);

    [Theory]
    [InlineData("", null, null)]
    [InlineData(", hostname: web-0, subdomain: web", "web-0", "web")]
    [InlineData(", hostname: '', subdomain: ''", null, null)]
    public void A_pod_may_have_a_name_of_its_own(string fields, string? host, string? subdomain)
    {
        var pod = Given.PodWith($"spec: {{containers: [{{name: c}}]{fields}}}").Pod();
        Assert.Equal((host, subdomain), (pod.HostName, pod.Subdomain));
    }

    [Theory]
    [InlineData("hostname: web.0")]
    [InlineData("hostname: Web")]
    [InlineData("subdomain: web.x")]
    public void Names_of_its_own_that_no_pod_can_have(string field) =>
        Given.PodWith($"spec: {{containers: [{{name: c}}], {field}}}").Only(Codes.InvalidName);

    [Fact]
    public void Whom_a_pod_asks_for_names_and_which_it_knows()
    {
        var pod = Given.PodWith("""
            spec:
              containers: [{name: c}]
              dnsPolicy: None
              dnsConfig:
                nameservers: [192.0.2.1, '2001:db8::1']
                searches: [example.com, _sip.example.com., .]
                options: [{name: ndots, value: '2'}, {name: edns0}]
              hostAliases: [{ip: 192.0.2.7, hostnames: [db, db.example.com]}, {ip: '::1'}]
              setHostnameAsFQDN: true
            """).Pod();
        Assert.Equal((DnsPolicy.None, "192.0.2.1 2001:db8::1", "example.com _sip.example.com. .", "ndots=2 edns0="),
            (pod.Dns.Policy, string.Join(' ', pod.Dns.Servers), string.Join(' ', pod.Dns.Searches),
                string.Join(' ', pod.Dns.Options.Select(o => $"{o.Name}={o.Value}"))));
        Assert.Equal(["192.0.2.7 db db.example.com", "::1 "],
            pod.Host.Aliases.Select(a => $"{a.Address} {string.Join(' ', a.Names)}"));
        Assert.True(pod.Host.IsFull);
        Assert.Equal("web.example.com",
            Given.PodWith("spec: {containers: [{name: c}], hostnameOverride: web.example.com}").Pod().Host.Override);
    }

    [Fact]
    public void The_pods_of_a_workload_have_the_names_of_its_template()
    {
        var pods = Given.Text("""
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: db}
            spec:
              replicas: 2
              serviceName: sql
              selector: {matchLabels: {app: db}}
              template:
                metadata: {labels: {app: db}}
                spec:
                  containers: [{name: c}]
                  dnsConfig: {nameservers: [192.0.2.1]}
                  hostAliases: [{ip: 192.0.2.7, hostnames: [a]}]
            """).Manifests.Pods;
        Assert.All(pods, pod => Assert.Equal(("sql", 1, 1),
            (pod.Subdomain, pod.Dns.Servers.Count, pod.Host.Aliases.Count)));
        Assert.Equal(["db-0", "db-1"], pods.Select(p => p.HostName));
    }

    [Fact]
    public void What_kubectl_prints_loads_silently() => Given.Text(KubectlOutput.Pod).Pod();
}
