namespace Dataplane.Cli.Tests;

/// <summary>How <c>daemon</c> refuses to start.</summary>
public sealed class DaemonCommandTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("--node other", "dataplane: node: \"other\" is none of private, host, simulated")]
    [InlineData("--node-name a/b",
        "dataplane: nodeName: \"a/b\" is not 1 to 60 letters, digits, - and ., a letter or digit first")]
    [InlineData("--otlp 127.0.0.1", "dataplane: otlpEndpoint: \"127.0.0.1\" is no http or https address")]
    [InlineData("--manifests /no/such", "dataplane: manifestDirectory: there is no directory /no/such")]
    [InlineData("--pod-cidr 10.0.0.0/31",
        "dataplane: --pod-cidr 10.0.0.0/31: too small for a gateway and a pod; at most /30",
        "see dataplane daemon --help")]
    public void A_wrong_option(string line, params string[] fault) =>
        _cli.Run(["daemon", .. line.Split(' ')]).ShouldFail(2, fault);

    [Fact]
    public void A_wrong_variable()
    {
        _cli.Variables["DATAPLANE_NODE"] = "x";
        _cli.Run("daemon").ShouldFail(2, "dataplane: node: \"x\" is none of private, host, simulated");
    }

    [Fact]
    public void A_wrong_file() =>
        _cli.Run("daemon", "--config", _cli.File("c.json", "{ \"podNetworkIPv4\": \"x\" }"))
            .ShouldFail(2, "dataplane: DIR/c.json: podNetworkIPv4: \"x\" is no IPv4 network such as 10.244.0.0/16");

    [Fact]
    public void The_command_line_wins()
    {
        _cli.Variables["DATAPLANE_NODE"] = "x";
        _cli.Run("daemon", "--node", "y").ShouldFail(2, "dataplane: node: \"y\" is none of private, host, simulated");
    }

    [Fact]
    public void Without_the_capabilities() =>
        _cli.Run("daemon").ShouldFail(4, "dataplane: needs root, or CAP_NET_BROADCAST, CAP_NET_ADMIN, CAP_NET_RAW and "
            + "CAP_SYS_ADMIN: run it with sudo dataplane daemon");
}
