using Dataplane.Api;
using Dataplane.Control.Reconcile;
using Dataplane.Daemon.Endpoints;
using Dataplane.Daemon.Tests.State;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Daemon.Tests.Api;

/// <summary>Endpoints and slices as the controllers of a cluster write them.</summary>
public sealed class ComputedEndpointTests
{
    private const string Pods = """
        {apiVersion: v1, kind: Pod, metadata: {name: a, labels: {app: web}}, status: {podIP: 10.244.0.7},
          spec: {containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: b, labels: {app: web}}, status: {podIP: 10.244.0.8},
          spec: {containers: [{name: c, ports: [{name: http, containerPort: 8081}]}]}}
        ---

        """;

    /// <summary>One slice for each set of ports.</summary>
    [Fact]
    public void Pods_with_other_ports_are_in_another_slice()
    {
        var slices = Slices("{selector: {app: web}, ports: [{port: 80, targetPort: http}]}");
        Assert.Equal(["default/s-ipv4", "default/s-ipv4-2"], slices.Select(s => s.Name));
        Assert.Equal(["10.244.0.7 8080", "10.244.0.8 8081"], slices.Select(Listed));
    }

    /// <summary>The controller of Endpoints leaves the pod out; that of slices lists it without the port.</summary>
    [Fact]
    public void A_port_that_no_pod_names_has_no_address()
    {
        const string Spec = "{selector: {app: web}, ports: [{port: 80, targetPort: htpp}]}";
        Assert.Contains("subsets: []", Of(ObjectKinds.Endpoints, Spec)[0].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("ports:", Assert.Single(Slices(Spec)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Endpoints_written_by_hand_are_mirrored()
    {
        var slices = Slices("""
            {ports: [{port: 80}]}}
            ---
            {apiVersion: v1, kind: Endpoints, metadata: {name: s}, subsets: [{ports: [{port: 81}],
              addresses: [{ip: 192.0.2.1}, {ip: "2001:db8::1"}]}, {ports: [{port: 82}], addresses: [{ip: 192.0.2.2}]}]
            """);
        Assert.Equal(["default/s-ipv4 192.0.2.1 81", "default/s-ipv4-2 192.0.2.2 82", "default/s-ipv6 2001:db8::1 81"],
            slices.Select(s => $"{s.Name} {Listed(s)}"));
        Assert.All(slices, s => Assert.Contains("managed-by: endpointslicemirroring-controller.k8s.io", s.Text,
            StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_pod_there_is_an_empty_slice() => Assert.Contains("endpoints: []",
        Assert.Single(Slices("{selector: {app: none}, ports: [{port: 80}]}")).Text, StringComparison.Ordinal);

    private static string Listed(ObjectEntry slice)
    {
        var listing = Assert.Single(ManifestLoader.LoadText("s", slice.Text).Manifests.Endpoints);
        var subset = Assert.Single(listing.Subsets);
        return $"{string.Join(',', subset.Addresses.Select(a => a.Address))} "
            + string.Join(',', subset.Ports.Select(p => p.Port));
    }

    private static IReadOnlyList<ObjectEntry> Slices(string spec) => Of(ObjectKinds.EndpointSlice, spec);

    private static IReadOnlyList<ObjectEntry> Of(ObjectKind kind, string spec)
    {
        var plan = Given.Start.Apply("s.yaml",
            Pods + $"{{apiVersion: v1, kind: Service, metadata: {{name: s}}, spec: {spec}}}\n");
        return [.. ComputedEndpoints.Of(new NodeSnapshot(plan.State, plan.Cluster, [], false, true), kind)];
    }
}
