using System.Net.Sockets;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Kubernetes.Tests;

/// <summary>Services and what lists their endpoints, with the defaults of the API server.</summary>
public sealed class ServiceTests
{
    [Fact]
    public void A_service_has_the_defaults_of_the_api_server()
    {
        var service = Service("ports: [{port: 80}], selector: {app: web}");
        Assert.Equal(ServiceType.ClusterIP, service.Type);
        Assert.Equal(new ServicePort(null, TransportProtocol.Tcp, 80, 80, null, null, service.Ports[0].Position),
            Assert.Single(service.Ports));
        Assert.Equal(FamilyPolicy.SingleStack, service.FamilyPolicy);
        Assert.Equal((TrafficPolicy.Cluster, TrafficPolicy.Cluster), (service.ExternalPolicy, service.InternalPolicy));
        Assert.Null(service.AffinitySeconds);
        Assert.True(service.AllocatesNodePorts);
        Assert.False(service.IsHeadless || service.PublishesNotReady || service.IsExternallyAccessible);
    }

    [Fact]
    public void Every_field_is_read()
    {
        var service = Service("""
            type: LoadBalancer, clusterIP: 10.96.0.7, clusterIPs: [10.96.0.7, "fd00:10:96::7"],
            ipFamilyPolicy: RequireDualStack, externalIPs: [192.0.2.7], sessionAffinity: ClientIP,
            sessionAffinityConfig: {clientIP: {timeoutSeconds: 10}}, externalTrafficPolicy: Local,
            internalTrafficPolicy: Local, healthCheckNodePort: 32000, publishNotReadyAddresses: true,
            allocateLoadBalancerNodePorts: false, loadBalancerClass: example.com/lb, loadBalancerIP: 192.0.2.8,
            loadBalancerSourceRanges: [" 10.0.0.0/8 "], trafficDistribution: PreferClose,
            ports: [{name: a, port: 80, targetPort: http, nodePort: 30080}, {name: b, port: 53, protocol: UDP,
            targetPort: 5353, appProtocol: example.com/dns}]
            """, "{loadBalancer: {ingress: [{ip: 192.0.2.8}, {ip: 192.0.2.9, ipMode: Proxy}, {hostname: lb.test}]}}");
        Assert.Equal(["10.96.0.7", "fd00:10:96::7"], service.Addresses.Select(a => $"{a}"));
        Assert.Equal([AddressFamily.InterNetwork, AddressFamily.InterNetworkV6], service.Families);
        Assert.Equal(FamilyPolicy.RequireDualStack, service.FamilyPolicy);
        Assert.Equal(["192.0.2.7"], service.ExternalAddresses.Select(a => $"{a}"));
        Assert.Equal(10, service.AffinitySeconds);
        Assert.Equal((TrafficPolicy.Local, TrafficPolicy.Local), (service.ExternalPolicy, service.InternalPolicy));
        Assert.Equal((ushort?)32000, service.HealthCheckPort);
        Assert.True(service is { PublishesNotReady: true, AllocatesNodePorts: false, NeedsHealthCheck: true });
        Assert.Equal("example.com/lb", service.LoadBalancerClass);
        Assert.Equal("192.0.2.8", $"{service.RequestedLoadBalancerAddress}");
        Assert.Equal(["10.0.0.0/8"], service.SourceRanges.Select(r => $"{r}"));
        Assert.Equal(["192.0.2.8"], service.LoadBalancerAddresses.Select(a => $"{a}"));
        Assert.Equal([("http", (ushort?)30080), ("5353", null)], service.Ports.Select(p => (p.Target, p.NodePort)));
    }

    [Theory]
    [InlineData("type: LoadBalancer", "10.0.0.0/8, 2001:db8::/32 ", "10.0.0.0/8 2001:db8::/32")]
    [InlineData("type: LoadBalancer", "", "")]
    [InlineData("type: LoadBalancer, loadBalancerSourceRanges: [192.0.2.0/24]", "10.0.0.0/8", "192.0.2.0/24")]
    public void The_annotation_says_source_ranges_where_the_field_does_not(string spec, string said, string expected) =>
        Assert.Equal(expected, string.Join(' ', Annotated(spec, said).Manifests.Services[0].SourceRanges));

    [Theory]
    [InlineData("type: LoadBalancer", "10.0.0.0/8;10.1.0.0/16", "K012")]
    [InlineData("type: LoadBalancer", "10.0.0.0/8,,", "K012")]
    [InlineData("type: NodePort", "10.0.0.0/8", "K025")]
    public void An_annotation_that_cannot_be_followed_is_an_error(string spec, string said, string code) =>
        Assert.Contains(code, Annotated(spec, said).Diagnostics.Select(d => d.Code));

    private static LoadResult Annotated(string spec, string said) => ManifestLoader.LoadText("s.yaml",
        "apiVersion: v1\nkind: Service\nmetadata: {name: web, annotations: "
        + $"{{service.beta.kubernetes.io/load-balancer-source-ranges: '{said}'}}}}\n"
        + $"spec: {{{spec}, ports: [{{port: 80}}]}}\n");

    [Theory]
    [InlineData("clusterIP: None", FamilyPolicy.RequireDualStack)]
    [InlineData("clusterIP: None, selector: {app: web}", FamilyPolicy.SingleStack)]
    public void A_headless_service_without_selector_has_the_families_of_its_endpoints(string spec, FamilyPolicy policy)
    {
        var service = Service(spec);
        Assert.True(service.IsHeadless);
        Assert.Equal(policy, service.FamilyPolicy);
    }

    [Theory]
    [InlineData("sessionAffinity: None, sessionAffinityConfig: {clientIP: {timeoutSeconds: 10}}")]
    [InlineData("type: '', ports: [{port: 80, protocol: '', targetPort: 0, nodePort: 0, name: ''}]")]
    [InlineData("clusterIP: '', clusterIPs: [], externalIPs: [], loadBalancerSourceRanges: [], selector: {}")]
    public void What_defaults_replace_is_no_fault(string spec) =>
        Service(spec.Contains("ports:", StringComparison.Ordinal) ? spec : spec + ", ports: [{port: 80}]");

    [Fact]
    public void An_alias_loses_its_final_dot() =>
        Assert.Equal("www.example.com", Service("type: ExternalName, externalName: www.example.com.").ExternalName);

    [Fact]
    public void Endpoints_written_by_hand_are_told_from_those_of_a_controller()
    {
        var set = Good("""
            {apiVersion: v1, kind: Endpoints, metadata: {name: web}, subsets: [
              {addresses: [{ip: 10.0.0.1, hostname: a, nodeName: n-1, targetRef: {kind: Pod, name: web-0}}],
               notReadyAddresses: [{ip: "fd00::2"}], ports: [{port: 80}]}]}
            ---
            apiVersion: v1
            kind: Endpoints
            metadata:
              name: made
              annotations: {endpoints.kubernetes.io/last-change-trigger-time: "2026-01-01T00:00:00Z"}
            """);
        var (made, web) = (set.Endpoints[0], set.Endpoints[1]);
        Assert.Equal((true, "made"), (made.IsManaged, made.Service));
        Assert.Equal((false, "web"), (web.IsManaged, web.Service));
        var subset = Assert.Single(web.Subsets);
        Assert.Equal([("10.0.0.1", true, "a", "n-1", "web-0"), ("fd00::2", false, null, null, null)],
            subset.Addresses.Select(a => ($"{a.Address}", a.IsReady, a.HostName, a.NodeName, a.Pod)));
        Assert.Equal((null, (ushort?)80), (subset.Ports[0].Name, subset.Ports[0].Port));
    }

    [Theory]
    [InlineData("{}", true, true, false)]
    [InlineData("{ready: false}", false, false, false)]
    [InlineData("{ready: false, serving: true, terminating: true}", false, true, true)]
    public void A_slice_has_the_conditions_of_its_endpoints(string conditions, bool ready, bool serving, bool ending)
    {
        var set = Good($$$"""
            {apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, addressType: IPv4,
             metadata: {name: web-1, labels: {kubernetes.io/service-name: web,
               endpointslice.kubernetes.io/managed-by: staff}},
             endpoints: [{addresses: [10.0.0.1, 10.0.0.2], conditions: {{{conditions}}}, zone: a,
               hints: {forZones: []}}],
             ports: [{name: "", port: 80}]}
            """);
        var slice = Assert.Single(set.Endpoints);
        Assert.Equal(("web", false), (slice.Service, slice.IsManaged));
        var address = Assert.Single(Assert.Single(slice.Subsets).Addresses);
        Assert.Equal(("10.0.0.1", ready, serving, ending),
            ($"{address.Address}", address.IsReady, address.IsServing, address.IsTerminating));
    }

    private static ServiceObject Service(string spec, string status = "{}") => Assert.Single(Good(
        $"{{apiVersion: v1, kind: Service, metadata: {{name: web}}, spec: {{{spec}}}, status: {status}}}").Services);

    private static ManifestSet Good(string text) => Given.Text(text).Errors().Clean();
}
