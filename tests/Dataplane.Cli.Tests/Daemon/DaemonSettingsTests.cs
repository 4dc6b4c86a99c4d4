using System.Net;
using Dataplane.Daemon;

namespace Dataplane.Cli.Tests;

/// <summary>Where the daemon's options come from, and which source wins.</summary>
public sealed class DaemonSettingsTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Nothing_given() => Assert.Equal(new DaemonOptions(), DaemonSettings.Read([], _ => null, null));

    [Fact]
    public void The_command_line_wins_over_variables_and_those_over_the_file()
    {
        var file = _cli.File("c.json", """{ "node": "host", "node-name": "f", "state-dir": "/f", "pod-cidr": ["10.9.0.0/16", "fd09::/64"], /* the rest */ "read-group": "f", }""");
        var options = DaemonSettings.Read(new() { ["--node-name"] = ["c"] }, v => v switch { "DATAPLANE_NODE_NAME" => "v", "DATAPLANE_STATE_DIR" => "/v", "DATAPLANE_CONFIG" => file, _ => null }, null);
        Assert.Equal(("host", "c", "/v", "f"), (options.Node, options.NodeName, options.StateDirectory, options.ReadGroup));
        Assert.Equal((IPNetwork.Parse("10.9.0.0/16"), IPNetwork.Parse("fd09::/64")), (options.PodNetworkIPv4, options.PodNetworkIPv6));
    }

    [Fact]
    public void Every_option_has_a_place()
    {
        var options = DaemonSettings.Read(new()
        {
            ["--socket"] = ["/s"], ["--manifests"] = ["/m"], ["--admin-group"] = ["a"], ["--otlp"] = ["http://127.0.0.1:4317"], ["--pod-cidr"] = ["10.9.0.0/16"],
        }, _ => null, null);
        Assert.Equal(new DaemonOptions
        {
            Socket = "/s", ManifestDirectory = "/m", AdminGroup = "a", OtlpEndpoint = new Uri("http://127.0.0.1:4317"), PodNetworkIPv4 = IPNetwork.Parse("10.9.0.0/16"),
        }, options);
    }

    [Theory]
    [InlineData("--node other", "dataplane: --node other: not one of private, host")]
    [InlineData("--node-name a/b", "dataplane: --node-name a/b: a name has at most 63 letters, digits, dots, dashes and underscores, and begins with a letter or digit")]
    [InlineData("--otlp 127.0.0.1", "dataplane: --otlp 127.0.0.1: no URL; write it like http://127.0.0.1:4317")]
    [InlineData("--pod-cidr 10.0.0.0/31", "dataplane: --pod-cidr 10.0.0.0/31: too small for a gateway and a pod; at most /30")]
    [InlineData("--node private --node host", "dataplane: --node takes one value")]
    public void A_wrong_option(string line, string fault) => _cli.Run(["daemon", .. line.Split(' ')]).ShouldFail(2, fault);

    [Fact]
    public void A_wrong_variable()
    {
        _cli.Variables["DATAPLANE_NODE"] = "x";
        _cli.Run("daemon").ShouldFail(2, "dataplane: DATAPLANE_NODE x: not one of private, host");
    }

    [Theory]
    [InlineData("{ \"nod\": \"host\" }", "no setting \"nod\"; there are node, node-name, socket, state-dir, manifests, pod-cidr, admin-group, read-group, otlp")]
    [InlineData("{ \"node\": 1 }", "node is neither a text nor a list of texts")]
    [InlineData("[]", "no JSON object")]
    [InlineData("{ \"node\": \"x\" }", "node x: not one of private, host")]
    public void A_wrong_file(string text, string fault) =>
        _cli.Run("daemon", "--config", _cli.File("c.json", text)).ShouldFail(3, $"dataplane: DIR/c.json: {fault}");

    [Fact]
    public void Without_the_capabilities() =>
        _cli.Run("daemon").ShouldFail(4, "dataplane: needs root, or CAP_NET_ADMIN, CAP_NET_RAW and CAP_SYS_ADMIN: run it with sudo dataplane daemon");
}
