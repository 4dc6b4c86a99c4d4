namespace Dataplane.Cli.Tests;

/// <summary>The networks that Services get their addresses from, on the command line.</summary>
public sealed class NetworkOptionTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("--service-cidr x", "--service-cidr x: no network; write it like 10.244.0.0/16 or fd00:10:244::/64")]
    [InlineData("--service-cidr 10.9.0.0/29",
        "--service-cidr 10.9.0.0/29: too small for its tenth address, the name server's; at most /28")]
    [InlineData("--service-cidr 10.8.0.0/16 --service-cidr 10.9.0.0/16",
        "--service-cidr 10.9.0.0/16: there is an IPv4 service network already")]
    [InlineData("--load-balancer-pool 224.0.0.0/24",
        "--load-balancer-pool 224.0.0.0/24: not a network of unicast addresses")]
    [InlineData("--service-cidr 10.244.128.0/20",
        "the service network 10.244.128.0/20 overlaps with the pod network 10.244.0.0/16")]
    [InlineData("--load-balancer-pool 10.244.7.0/24",
        "the pool of load balancers 10.244.7.0/24 overlaps with the pod network 10.244.0.0/16")]
    [InlineData("--load-balancer-pool fd00:10:96::/120",
        "the pool of load balancers fd00:10:96::/120 overlaps with the service network fd00:10:96::/112")]
    public void What_no_network_is(string options, string wrong)
    {
        var outcome = _cli.Run(["matrix", "-f", _cli.Example(), .. options.Split(' ')]);
        Assert.Equal(2, outcome.Exit);
        Assert.StartsWith($"dataplane: {wrong}", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_daemon_refuses_networks_that_overlap()
    {
        var outcome = _cli.Run("daemon", "--pod-cidr", "10.96.128.0/20");
        Assert.Equal(2, outcome.Exit);
        Assert.Contains("the service network 10.96.0.0/16 overlaps with the pod network 10.96.128.0/20", outcome.Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("matrix -f")]
    public void A_manifest_of_another_cluster_needs_its_range(string command)
    {
        var file = _cli.File("s.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"
            + "spec: {clusterIP: 10.43.0.7, ports: [{port: 80}]}\n---\n" + Cli.Pods);
        string[] words = [.. command.Split(' '), file];
        var refused = _cli.Run(words);
        Assert.NotEqual(0, refused.Exit);
        Assert.Contains("[A003]", refused.Out + refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, _cli.Run([.. words, "--service-cidr", "10.43.0.0/16"]).Exit);
    }
}
