using Dataplane.Kubernetes.Loading;
using Dataplane.Policy.Naming;

namespace Dataplane.Policy.Tests;

public sealed class EndpointNamesTests
{
    private const string Spellings = "write namespace/pod or namespace/workload, an address, or node";

    private const string Shop = "{apiVersion: v1, kind: Service, metadata: {name: db, namespace: shop}, spec: "
        + "{clusterIP: 10.96.3.4, clusterIPs: [10.96.3.4, 'fd00:10:96::4'], ipFamilyPolicy: PreferDualStack, "
        + "selector: {app: db}, ports: [{port: 5432, targetPort: 15432}]}}\n---\n"
        + "{apiVersion: v1, kind: Service, metadata: {name: out}, spec: {clusterIP: None}}"
        + "\n---\n{apiVersion: v1, kind: Pod, metadata: {name: db-0, namespace: shop, labels: {app: db}}, spec: "
        + "{containers: [{name: c}]}}\n---\n";

    [Theory]
    [InlineData("10.96.3.4", "10.96.3.4 is the ClusterIP of Service shop/db")]
    [InlineData("fd00:10:96::4", "fd00:10:96::4 is the ClusterIP of Service shop/db")]
    [InlineData("shop/db", "shop/db is a Service")]
    [InlineData("service:shop/db", "service:shop/db is a Service")]
    [InlineData("db.shop", "db.shop is a Service")]
    [InlineData("db.shop.svc", "db.shop.svc is a Service")]
    [InlineData("db.shop.svc.cluster.local", "db.shop.svc.cluster.local is a Service")]
    public void A_service_is_named_with_the_pods_behind_it(string text, string start) => Assert.Equal(
        start + " (port 5432 to 15432); ask for service:shop/db, or for the pods behind it, "
            + "which policies judge: shop/db-0, with port 15432",
        EndpointNames.Resolve(Warnings.WarningsOf.ClusterOf(ManifestLoader.LoadText("m", Shop).Manifests), text).Error);

    [Fact]
    public void A_service_is_of_the_namespace_that_is_asked_about() => Assert.StartsWith("db is a Service",
        EndpointNames.Resolve(Warnings.WarningsOf.ClusterOf(ManifestLoader.LoadText("m", Shop).Manifests), "db", "shop")
            .Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("Succeeded")]
    [InlineData("Failed")]
    public void A_pod_that_has_ended_is_known_and_no_endpoint(string phase)
    {
        var ended = ManifestLoader.LoadText("m.yaml",
            "{apiVersion: v1, kind: Pod, metadata: {name: job, namespace: x}, "
            + $"spec: {{containers: [{{name: c}}]}}, status: {{phase: {phase}}}}}");
        Assert.Equal($"the pod x/job has ended ({phase}, m.yaml:1) and has no network",
            EndpointNames.ResolveGroup(Warnings.WarningsOf.ClusterOf(ended.Manifests), "job", "x").Error);
    }

    [Theory]
    [InlineData("out")]
    [InlineData("svc/out")]
    public void A_service_without_pods_says_so(string text) => Assert.Equal(
        text + " is a Service, and no loaded pod is behind it; write namespace/pod, or the address of an endpoint",
        EndpointNames.Resolve(Warnings.WarningsOf.ClusterOf(ManifestLoader.LoadText("m", Shop).Manifests), text).Error);

    private static readonly Lab Lab = new Lab()
        .Pod("x/server").Pod("default/web").Pod("y/client").Pod("z/host", hostNetwork: true).Pod("default/node");

    [Theory]
    [InlineData("x/server", "x/server")]
    [InlineData("web", "default/web")]
    [InlineData("default/web", "default/web")]
    [InlineData("10.244.0.2", "x/server")]
    [InlineData("fd00:10:244::2", "x/server")]
    [InlineData("FD00:10:244:0:0:0:0:2", "x/server")]
    [InlineData("::ffff:10.244.0.2", "x/server")]
    [InlineData("node", "node")]
    [InlineData("default/node", "default/node")]
    [InlineData("10.244.0.1", "node")]
    [InlineData("fd00:10:244::1", "node")]
    [InlineData("z/host", "z/host")]
    [InlineData("172.17.5.9", "172.17.5.9")]
    [InlineData("2001:DB8::1", "2001:db8::1")]
    public void Every_spelling_finds_its_endpoint(string text, string name)
    {
        var resolution = EndpointNames.Resolve(Lab.Cluster, text);
        Assert.Null(resolution.Error);
        Assert.Equal(name, resolution.Endpoint!.Name);
    }

    [Theory]
    [InlineData("x/sever", "no pod \"x/sever\"; did you mean \"x/server\"?")]
    [InlineData("X/Server", "no pod \"X/Server\"; did you mean \"x/server\"?")]
    [InlineData("client", "no pod \"client\"; did you mean \"y/client\"?")]
    [InlineData("default/server", "no pod \"default/server\"; did you mean \"x/server\"?")]
    [InlineData("quite/different", $"no pod \"quite/different\"; {Spellings}")]
    [InlineData("", $"no pod \"\"; {Spellings}")]
    [InlineData("10.1", $"no pod \"10.1\"; {Spellings}")]
    [InlineData("010.244.0.2", $"no pod \"010.244.0.2\"; {Spellings}")]
    [InlineData("127.0.0.1", "127.0.0.1 is the loopback address: every pod has its own, and it never leaves the pod")]
    [InlineData("::1", "::1 is the loopback address: every pod has its own, and it never leaves the pod")]
    [InlineData("0.0.0.0", "0.0.0.0 is not the address of one machine")]
    [InlineData("224.0.0.1", "224.0.0.1 is not the address of one machine")]
    [InlineData("ff02::1", "ff02::1 is not the address of one machine")]
    public void What_is_unknown_is_said_with_the_likeliest_meaning(string text, string error)
    {
        var resolution = EndpointNames.Resolve(Lab.Cluster, text);
        Assert.Null(resolution.Endpoint);
        Assert.Equal(error, resolution.Error);
    }

    private static readonly Lab Workloads = new Lab()
        .Pod("x/web-1", workload: "web").Pod("x/web-0", workload: "web").Pod("x/api", workload: "web")
        .Pod("x/db").Pod("x/db-0", workload: "db").Pod("y/web-0", workload: "web");

    [Theory]
    [InlineData("x/web", "x/web", "x/api x/web-0 x/web-1")]
    [InlineData("web", "x/web", "x/api x/web-0 x/web-1")]
    [InlineData("y/web", "y/web", "y/web-0")]
    [InlineData("x/web-1", "x/web-1", "x/web-1")]
    [InlineData("x/db", "x/db", "x/db")]
    [InlineData("node", "node", "node")]
    [InlineData("192.0.2.1", "192.0.2.1", "192.0.2.1")]
    public void A_workload_stands_for_its_pods_and_a_pod_of_its_name_comes_first(string text, string name, string ends)
    {
        var group = EndpointNames.ResolveGroup(Workloads.Cluster, text, "x").Group!;
        Assert.Equal((name, ends), (group.Name, string.Join(' ', group.Ends.Select(end => end.Name))));
    }

    [Theory]
    [InlineData("x/wbe", "no pod \"x/wbe\"; did you mean \"x/web\"?")]
    [InlineData("z/web", "no pod \"z/web\"; did you mean \"x/web\"?")]
    [InlineData("127.0.0.1", "127.0.0.1 is the loopback address: every pod has its own, and it never leaves the pod")]
    public void Workloads_are_suggested_too(string text, string error) =>
        Assert.Equal(error, EndpointNames.ResolveGroup(Workloads.Cluster, text).Error);

    [Fact]
    public void Without_pods_there_is_nothing_to_suggest() =>
        Assert.Equal("no pod \"x/a\": there are no pods", EndpointNames.Resolve(new Lab().Cluster, "x/a").Error);
}
