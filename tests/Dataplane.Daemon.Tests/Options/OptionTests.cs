using System.Collections;
using Dataplane.Daemon.Configuration;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon.Tests.Options;

public sealed class OptionTests : IDisposable
{
    private readonly TempDirectory _directory = TempDirectory.InMemory();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Without_anything_there_are_defaults()
    {
        var options = Read(null);
        Assert.Equal(("private", "dataplane", "/run/dataplane/dataplane.sock", "/var/lib/dataplane"),
            (options.Node, options.NodeName, options.Socket, options.StateDirectory));
    }

    [Fact]
    public void Flags_come_before_the_environment_and_that_before_the_file()
    {
        var file = File(
            """{ "nodeName": "file", "socket": "/run/file/s", "logLevel": "debug", /* for a while */ "podNetworkIPv4": "10.7.0.0/24" }""");
        var options = Read(file,
            new() { ["DATAPLANE_NODE_NAME"] = "environment", ["DATAPLANE_SOCKET"] = "/run/environment/s" },
            new() { ["nodeName"] = "flag", ["socket"] = null });
        Assert.Equal(("flag", "/run/environment/s", LogLevel.Debug, "10.7.0.0/24"),
            (options.NodeName, options.Socket, options.LogLevel, options.PodNetworkIPv4.ToString()));
    }

    [Fact]
    public void Reading_again_sees_a_changed_file_and_the_same_flags()
    {
        var file = File("""{ "logLevel": "debug", "nodeName": "file" }""");
        var options = Read(file, flags: new() { ["nodeName"] = "flag" });
        System.IO.File.WriteAllText(file, """{ "logLevel": "error" }""");
        Assert.Equal((LogLevel.Error, "flag"), (options.ReadAgain!().LogLevel, options.ReadAgain().NodeName));
    }

    [Fact]
    public void A_host_node_has_a_name_of_its_own_unless_it_is_given_one()
    {
        Assert.Equal(("dataplane-host", true),
            (Read(File("""{ "node": "host" }""")).NodeName, Read(File("""{ "node": "host" }""")).Masquerade));
        Assert.Equal("mine", Read(File("""{ "node": "host", "nodeName": "mine" }""")).NodeName);
        Assert.False(Read(File("""{ "node": "host", "masquerade": false }""")).Masquerade);
    }

    [Theory]
    [InlineData("""{ "nodename": "x" }""", "there is no option \"nodename\"; there are node, nodeName, ")]
    [InlineData("""{ "node": "both" }""", "node: \"both\" is none of private, host, simulated")]
    [InlineData("""{ "masquerade": "maybe" }""", "neither true nor false")]
    [InlineData("""{ "nodeName": "../x" }""", "nodeName: \"../x\" is not 1 to 60")]
    [InlineData("""{ "nodeName": "-x" }""", "nodeName: \"-x\" is not 1 to 60")]
    [InlineData("""{ "socket": "relative" }""", "socket: relative is not an absolute path")]
    [InlineData("""{ "stateDirectory": "relative" }""", "stateDirectory: relative is not an absolute path")]
    [InlineData("""{ "manifestDirectory": "/nowhere/at/all" }""",
        "manifestDirectory: there is no directory /nowhere/at/all")]
    [InlineData("""{ "podNetworkIPv4": "fd00::/64" }""", "podNetworkIPv4: \"fd00::/64\" is no IPv4 network")]
    [InlineData("""{ "podNetworkIPv4": "10.0.0.0/31" }""", "too small; at most /30")]
    [InlineData("""{ "adminGroup": "no-such-group" }""", "adminGroup: there is no group \"no-such-group\"")]
    [InlineData("""{ "otlpEndpoint": "ftp://x" }""", "otlpEndpoint: \"ftp://x\" is no http")]
    [InlineData("""{ "logLevel": "loud" }""", "logLevel: \"loud\" is none of")]
    [InlineData("""{ "runtime": "docker" }""", "runtime: \"docker\" is none of none, process, podman")]
    [InlineData("""{ "runtime": "podman" }""", "runtime: podman cannot be used yet")]
    [InlineData("""{ "runtime": "process", "node": "simulated" }""", "runtime: nothing can run in the pods of a simu")]
    [InlineData("""{ "nodeName": ["x"] }""", "nodeName must be a string")]
    [InlineData("""[]""", "this is no JSON object")]
    [InlineData("{\n  \"node\": \n", "options.json:3: this is not valid JSON")]
    public void A_wrong_option_is_one_line_that_names_it(string text, string message)
    {
        var failure = Assert.Throws<OptionException>(() => Read(File(text)));
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public void Who_said_it_is_named()
    {
        var file = File("""{ "logLevel": "loud" }""");
        Assert.StartsWith(file, Assert.Throws<OptionException>(() => Read(file)).Message, StringComparison.Ordinal);
        Assert.StartsWith("DATAPLANE_LOG_LEVEL",
            Assert.Throws<OptionException>(() => Read(null, new() { ["DATAPLANE_LOG_LEVEL"] = "loud" })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_path_that_the_kernel_would_cut_off_is_refused() =>
        Assert.Contains("longer than 107 bytes", Assert.Throws<OptionException>(() =>
            Read(null, flags: new() { ["socket"] = "/" + new string('s', 107) })).Message, StringComparison.Ordinal);

    [Fact]
    public void The_Kubernetes_API_is_served_on_loopback_or_with_certificates()
    {
        Assert.Equal(6443, Read(null, flags: new() { ["kubernetesApi"] = "127.0.0.1:6443" }).KubernetesApi!.Port);
        Assert.Contains("kubernetesApiClientCa", Assert.Throws<OptionException>(() =>
            Read(null, flags: new() { ["kubernetesApi"] = "0.0.0.0:6443" })).Message, StringComparison.Ordinal);
        var authority = File("");
        Assert.Equal(authority, Read(null, flags: new()
        {
            ["kubernetesApi"] = "0.0.0.0:6443", ["kubernetesApiClientCa"] = authority,
        }).KubernetesApiClientAuthority);
        Assert.Throws<OptionException>(() => Read(null, flags: new() { ["kubernetesApi"] = "6443" }));
    }

    private static DaemonOptions Read(string? file, Hashtable? environment = null,
        Dictionary<string, string?>? flags = null) =>
        DaemonOptionsReader.Read(file, environment ?? [], flags ?? []);

    private string File(string text)
    {
        System.IO.File.WriteAllText(_directory["options.json"], text);
        return _directory["options.json"];
    }

    [Fact]
    public void Runtimes()
    {
        Assert.Equal(RuntimeKind.None, new DaemonOptions().Runtime);
        Assert.Equal(RuntimeKind.Process, DaemonOptionsReader.Read(null, new Dictionary<string, string>(),
            new Dictionary<string, string?> { ["runtime"] = "process" }).Runtime);
    }

    [Fact]
    public void Name_servers_are_addresses_with_or_without_a_port()
    {
        var read = Read(File("""{ "dns": "off", "dnsUpstream": "192.0.2.1,[2001:db8::1]:5353" }"""));
        Assert.False(read.Dns);
        Assert.Equal(["192.0.2.1:53", "[2001:db8::1]:5353"], read.DnsUpstreams.Select(u => u.ToString()));
        Assert.True(Read(File("{}")).Dns);
        Assert.Throws<OptionException>(() => Read(File("""{ "dns": "maybe" }""")));
        Assert.Throws<OptionException>(() => Read(File("""{ "dnsUpstream": "example.com" }""")));
    }
}
