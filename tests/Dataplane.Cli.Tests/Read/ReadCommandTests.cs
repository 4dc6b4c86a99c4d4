using System.Text.Json.Nodes;
using Dataplane.Linux.Frames;
using PacketDotNet;

namespace Dataplane.Cli.Tests.Read;

/// <summary>read: packets of a file, with the names and the policies of manifests.</summary>
public sealed class ReadCommandTests : IDisposable
{
    private const string Client = "10.244.0.2", Other = "10.244.0.3", Web = "10.244.0.4";

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void A_table_of_packets_and_flows()
    {
        var file = _cli.Pcapng(
            Frames.Tcp(Client, 40000, Web, 80, TcpFlags.Syn),
            Frames.Tcp(Web, 80, Client, 40000, TcpFlags.Syn | TcpFlags.Ack),
            Frames.Tcp(Other, 40001, Web, 80, TcpFlags.Syn), Frames.Probe(IpProtocol.Udp, Web, "192.0.2.7", 5353, 53));
        var outcome = _cli.Run("read", file, "-f", _cli.Example());
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        var time = DateTimeOffset.FromUnixTimeMilliseconds(Captures.Noon / 1_000_000)
            .ToLocalTime()
            .ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal($"""
            TIME             SOURCE                        DESTINATION                   PROTO   WHAT            VERDICT  POLICY (file:line)
            {time}.204000  x/client:40000                x/web:80                      TCP     SYN             ALLOWED  x/web  DIR/policy.yaml:7
            {time}.205000  x/web:80                      x/client:40000                TCP     SYN-ACK         ALLOWED  reply  x/web  DIR/policy.yaml:7
            {time}.206000  x/other:40001                 x/web:80                      TCP     SYN             DENIED   x/web  DIR/policy.yaml:1
            {time}.207000  x/web:5353                    192.0.2.7:53                  UDP                     ALLOWED

            FLOW FROM  TO         PORT    FAMILY  PACKETS  REPLIES  BYTES  VERDICT  WHY
            x/client   x/web      TCP 80  IPv4    2        1        108    ALLOWED  x/web: isolated by 1 policy, a rule allows it: x/web (DIR/policy.yaml:7)
            x/other    x/web      TCP 80  IPv4    1        0        54     DENIED   x/web (DIR/policy.yaml:1) isolates x/web for ingress; nearest: x/web wants podSelector app=client
            x/web      192.0.2.7  UDP 53  IPv4    1        0        50     ALLOWED  x/web: no policy isolates it for egress

            4 packets, 3 flows: 2 allowed, 1 denied

            """, outcome.Out);
    }

    [Fact]
    public void Without_manifests_there_are_addresses_and_no_verdicts()
    {
        var file = _cli.Pcap(LinkLayers.Ethernet, Frames.Probe(IpProtocol.Sctp, Client, Web), Frames.Hex(
            "ffffffffffff 0a580af40003 0806 0001 0800 06 04 0001 0a580af40003 0af40003 000000000000 0af40001"));
        var outcome = _cli.Run("read", file);
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        Assert.Contains("  10.244.0.2:40000              10.244.0.4:80                 SCTP    INIT\n", outcome.Out,
            StringComparison.Ordinal);
        Assert.Contains("  10.244.0.3                    10.244.0.1                    ARP     who-has\n", outcome.Out,
            StringComparison.Ordinal);
        Assert.EndsWith("\n2 packets, 1 flow; 1 packet of no flow\n", outcome.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("VERDICT", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void As_json()
    {
        var file = _cli.Pcapng(Frames.Tcp(Other, 40001, Web, 80, TcpFlags.Syn),
            Frames.Tcp(Web, 80, Other, 40001, TcpFlags.Rst | TcpFlags.Ack));
        var json = _cli.Run("read", file, "-o", "json", "-f", _cli.Example()).Json;
        Assert.Equal("""{"time":"2026-01-02T12:00:01.204000007Z","from":"x/other","to":"x/web","protocol":"TCP","sourcePort":40001,"port":80,"family":"IPv4","length":54,"what":"SYN","verdict":"denied","policy":"x/web","file":"DIR/policy.yaml","line":1}""",
            json["packets"]![0]!.ToJsonString());
        Assert.Equal("""{"time":"2026-01-02T12:00:01.205000007Z","from":"x/web","to":"x/other","protocol":"TCP","sourcePort":80,"port":40001,"family":"IPv4","length":54,"what":"RST-ACK","reply":true,"verdict":"denied","policy":"x/web","file":"DIR/policy.yaml","line":1}""",
            json["packets"]![1]!.ToJsonString());
        var flow = Assert.Single(json["flows"]!.AsArray())!;
        Assert.Equal("""{"from":"x/other","to":"x/web","protocol":"TCP","port":80,"family":"IPv4","packets":2,"replies":1,"bytes":108,"verdict":"denied","policy":"x/web","file":"DIR/policy.yaml","line":1}""",
            Without(flow, "reason"));
        Assert.StartsWith("x/web (DIR/policy.yaml:1) isolates x/web for ingress", (string?)flow["reason"],
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LinkLayers.RawLegacy)]
    [InlineData(LinkLayers.LinuxSll)]
    public void Other_links(LinkLayers link)
    {
        var ethernet = Frames.Probe(IpProtocol.Udp, Client, Web);
        var header = link == LinkLayers.RawLegacy ? [] : Frames.Hex("0000 0001 0006 0a580af40003 0000 0800");
        var packet =
            _cli.Run("read", _cli.Pcap(link, [.. header, .. ethernet[14..]]), "-o", "json").Json["packets"]![0]!;
        Assert.Equal((Client, Web, "UDP", 80),
            ((string?)packet["from"], (string?)packet["to"], (string?)packet["protocol"], (int)packet["port"]!));
    }

    [Fact]
    public void Names_are_those_that_the_status_asks_for()
    {
        var pod = Cli.Pods.Replace("spec: { containers: [{ name: c, image: i, ports",
            "status: { podIP: 10.9.9.9 }\nspec: { containers: [{ name: c, image: i, ports", StringComparison.Ordinal);
        var packet = _cli.Run("read", _cli.Pcapng(Frames.Probe(IpProtocol.Tcp, "192.0.2.1", "10.9.9.9")), "-o", "json",
            "-f", _cli.File("p.yaml", pod)).Json["packets"]![0]!;
        Assert.Equal("x/web", (string?)packet["to"]);
    }

    [Theory]
    [InlineData(30, "truncated")]
    [InlineData(0, "truncated")]
    public void A_cut_file_is_read_up_to_the_cut(int bytes, string words)
    {
        var path =
            _cli.Pcapng(Frames.Tcp(Client, 1, Web, 80, TcpFlags.Syn), Frames.Tcp(Client, 2, Web, 80, TcpFlags.Syn));
        var whole = File.ReadAllBytes(path);
        var outcome = _cli.Run("read", _cli.File("cut.pcapng", bytes == 0 ? [] : whole[..^bytes]), "-o", "json");
        Assert.Equal(3, outcome.Exit);
        Assert.Matches($"^dataplane: DIR/cut.pcapng: .*{words}.*\n$", outcome.Error);
        if (bytes > 0) Assert.Single(outcome.Json["packets"]!.AsArray());
    }

    [Fact]
    public void What_cannot_be_read_is_one_line()
    {
        Assert.Matches("^dataplane: DIR/nothing.pcap: No such file or directory\n$", Fails("DIR/nothing.pcap").Error);
        Assert.Equal("dataplane: DIR/text: unknown file format\n",
            Fails(_cli.File("text", "this is no capture at all, but long enough")).Error);
        Assert.Equal("dataplane: DIR/test.pcap: link type Ieee80211: only Ethernet, "
            + "raw IP and Linux cooked captures can be read\n",
            Fails(_cli.Pcap(LinkLayers.Ieee80211, new byte[40])).Error);

        Outcome Fails(string path)
        {
            var outcome = _cli.Run("read",
                path.Replace("DIR", Path.GetDirectoryName(_cli.File("x", "")), StringComparison.Ordinal));
            Assert.Equal((3, ""), (outcome.Exit, outcome.Out));
            return outcome;
        }
    }

    [Theory]
    [InlineData("read", "dataplane: Required argument 'FILE' missing for command: 'read'.",
        "see dataplane read --help")]
    [InlineData("read - -f -", "dataplane: standard input is one file: the capture, or manifests")]
    [InlineData("read a --pod-cidr 10.0.0.0/8", "dataplane: --pod-cidr is for manifests, with -f PATH")]
    public void Usage(string line, params string[] fault) => _cli.Run(line.Split(' ')).ShouldFail(2, fault);

    private static string Without(JsonNode node, string key)
    {
        var copy = node.DeepClone().AsObject();
        copy.Remove(key);
        return copy.ToJsonString();
    }
}
