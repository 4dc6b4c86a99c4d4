using System.Net;
using Dataplane.Api;

namespace Dataplane.Integration.Daemon;

/// <summary>A daemon that is started with other networks than those of what it has stored.</summary>
public sealed class OtherRangeTests
{
    private const string Service = """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: x}
        spec: {clusterIP: 172.20.0.7, ports: [{port: 80}]}

        """;

    [Fact]
    public async Task A_stored_Service_outside_the_range_closes_the_node_and_the_problem_names_the_option()
    {
        await using var daemon = await RunningDaemon.Start(InAnotherRange);
        await daemon.Apply("s.yaml", Service);
        await daemon.Stop();
        await daemon.StartAgain();
        Assert.Equal("s.yaml:4:19: Service x/web cannot have the ClusterIP 172.20.0.7: it is not in the valid range, "
            + "10.96.0.0/16 (leave out clusterIP and one is assigned, or name with --service-cidr the range of the "
            + "cluster that the manifest is of); everything is closed until the complete desired state is given again: "
            + "dataplane apply --prune -f PATH", (await daemon.Status()).Problem);
        Assert.Empty((await daemon.Get(ApiPaths.Objects, ApiJson.Default.ObjectsResponse)).Objects);
        // What is stored is still there for a start with the option.
        await daemon.Stop();
        await daemon.StartAgain(InAnotherRange);
        Assert.Null((await daemon.Status()).Problem);
        Assert.Contains((await daemon.Get(ApiPaths.Objects, ApiJson.Default.ObjectsResponse)).Objects,
            o => o is { Kind: "Service", Name: "x/web" });
    }

    private static Dataplane.Daemon.Configuration.DaemonOptions InAnotherRange(
        Dataplane.Daemon.Configuration.DaemonOptions options) => options with
        {
            ServiceNetworkIPv4 = IPNetwork.Parse("172.20.0.0/16"), Dns = false,
        };
}
