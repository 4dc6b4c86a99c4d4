using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Loading;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;
using Dataplane.Policy.Services;

namespace Dataplane.Policy.Tests;

/// <summary>Addresses of this machine's own networks that are no pod's: of nobody, and of the node itself.</summary>
public sealed class OwnAddressFacts
{
    private const string Further = "192.0.2.1";

    [Theory]
    [InlineData("x/a", "10.244.7.7", false, true)]
    [InlineData("node", "10.244.7.7", false, true)]
    [InlineData("x/a", "10.96.0.77", false, true)]
    [InlineData("10.244.7.7", "x/a", false, false)]
    [InlineData("x/a", "172.17.5.9", true, true)]
    [InlineData("172.17.5.9", "x/a", true, false)]
    public void What_nobody_has_of_the_own_networks_is_not_outside(string from, string to, bool allowed, bool entering)
    {
        var cluster = Of(new Lab().Pod("x/a"));
        var verdict = Judge(cluster, from, to);
        Assert.Equal(allowed, verdict.Allowed);
        Assert.Equal(allowed ? SideBasis.NotSelectable : SideBasis.Nobody,
            (entering ? verdict.Entering : verdict.Leaving).Basis);
    }

    [Theory]
    [InlineData("closed", true)]
    [InlineData("nodes denied", false)]
    [InlineData("block denied", false)]
    [InlineData("nodes accepted, block denied", false)]
    [InlineData("baseline block denied", true)]
    [InlineData("other block denied", true)]
    public void A_further_address_of_the_node_is_judged_as_the_node_and_as_one_outside(string policies, bool allowed)
    {
        var lab = new Lab().Pod("x/a").Policy("x/closed", ingress: [], egress: []);
        var block = TierRules.Deny(TierRules.Networks("192.0.2.0/24"));
        lab = policies switch
        {
            "closed" => lab,
            "nodes denied" => lab.Admin("a", 1, egress: [TierRules.Deny(TierRules.Nodes())]),
            "block denied" => lab.Admin("a", 1, egress: [block]),
            "baseline block denied" => lab.Baseline(egress: [block]),
            "nodes accepted, block denied" => lab.Admin("a", 1,
                egress: [TierRules.Accept(TierRules.Nodes()), block]),
            _ => lab.Admin("a", 1, egress: [TierRules.Deny(TierRules.Networks("198.51.100.0/24"))]),
        };
        var cluster = Of(lab);
        Assert.Equal(allowed, Judge(cluster, "x/a", Further).Allowed);
        Assert.True(Judge(cluster, Further, "x/a").Allowed);
        Assert.Equal(Further, cluster.At(IPAddress.Parse(Further)).Name);
    }

    [Fact]
    public void A_Service_with_an_endpoint_that_nobody_has_is_reached_in_part()
    {
        var cluster = Of(new Lab().Pod("x/a"));
        Assert.Equal(Outcome.Allowed, Reach(cluster, "172.17.5.9", "172.17.5.10"));
        Assert.Equal(Outcome.Partial, Reach(cluster, "172.17.5.9", "10.244.7.7"));
        Assert.Equal(Outcome.Denied, Reach(cluster, "10.244.7.7", "10.96.5.5"));
    }

    private static Outcome Reach(Cluster cluster, params string[] endpoints)
    {
        var set = ManifestLoader.LoadText("test.yaml", $"""
            apiVersion: v1
            kind: Service
            metadata: {"{name: s, namespace: x}"}
            spec: {"{clusterIP: 10.96.0.9, ports: [{port: 80}]}"}
            ---
            apiVersion: v1
            kind: Endpoints
            metadata: {"{name: s, namespace: x}"}
            subsets:
            - addresses: [{string.Join(", ", endpoints.Select(e => $"{{ip: {e}}}"))}]
              ports: [{"{port: 80}"}]
            """).Manifests;
        var with = cluster with
        {
            Services = [PlacedService.AsAsked(set.Services[0])], Endpoints = set.Endpoints,
        };
        var pod = with.Pods[0];
        return ServiceReach.Of(with, pod, with.Services[0], 0)[0].Judge(flow => Oracle.Evaluate(with, flow).Allowed);
    }

    private static Cluster Of(Lab lab) => lab.Cluster with
    {
        Networks = [Lab.Networks.IPv4, IPNetwork.Parse("10.96.0.0/16")],
        FurtherNodeAddresses = [IPAddress.Parse(Further)],
    };

    private static Verdict Judge(Cluster cluster, string from, string to)
    {
        var flow = new Flow(EndpointNames.Resolve(cluster, from).Endpoint!,
            EndpointNames.Resolve(cluster, to).Endpoint!, new Probe(FlowProtocol.Tcp, 80), AddressFamily.InterNetwork);
        var verdict = Oracle.Evaluate(cluster, flow);
        Assert.Equal(verdict.Allowed, new CompiledEvaluator(cluster, Compiler.Compile(cluster)).IsAllowed(flow));
        return verdict;
    }
}
