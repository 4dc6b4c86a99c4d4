using System.Buffers.Binary;
using System.Text.Json;
using Dataplane.Api;
namespace Dataplane.Cli.Tests;

/// <summary>flows, trace and capture.</summary>
public sealed class WatchTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(new DateTime(2026, 1, 2, 12, 0, 1, 204, DateTimeKind.Local));

    private readonly Cli _cli = new();
    private readonly CannedDaemon _daemon;

    public WatchTests() => _daemon = new CannedDaemon(_cli.Socket).Says(
        "GET /v1/pods", new PodsResponse("n", "dp0", "", "", []), ApiJson.Default.PodsResponse);

    public void Dispose()
    {
        _daemon.Dispose();
        _cli.Dispose();
    }

    [Fact]
    public void Flows_as_a_table()
    {
        Say("/v1/flows?follow=0&last=20",
            new FlowEntry(Noon, "denied") { From = "x/other", SourcePort = 45250, To = "x/web", Port = 80,
                Protocol = "TCP", Direction = "ingress", Policy = "x/web", File = "policy.yaml", Line = 1 },
            new FlowEntry(Noon, "denied") { From = "x/other", SourcePort = 60311, To = "10.96.0.10", Port = 53,
                Protocol = "UDP", Direction = "egress", Reason = "egress", Count = 3 },
            new FlowEntry(Noon, "lost") { Count = 37 },
            new FlowEntry(Noon, "allowed") { From = "x/client", To = "fd00::7", Protocol = "ICMP" });
        var outcome = _cli.Run("flows");
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        Assert.Equal("""
            TIME          SOURCE                        DESTINATION                   PROTO  VERDICT  DIR      POLICY (file:line)
            12:00:01.204  x/other:45250                 x/web:80                      TCP    DENIED   ingress  x/web  policy.yaml:1
            12:00:01.204  x/other:60311                 10.96.0.10:53                 UDP    DENIED   egress   egress  DNS: allow UDP and TCP 53  3 times
            12:00:01.204  37 entries could not be told: more came than are logged
            12:00:01.204  x/client                      fd00::7                       ICMP   ALLOWED

            """, outcome.Out);
    }

    [Fact]
    public void Flows_as_lines_of_json_are_the_daemons()
    {
        Say("/v1/flows?follow=1&last=5&verdict=denied&pod=default%2Fweb", new FlowEntry(Noon, "lost") { Count = 2 });
        var outcome = _cli.Run("flows", "-f", "--last", "5", "--verdict", "denied", "--pod", "web", "-o", "json");
        Assert.Equal(
            JsonSerializer.Serialize(new FlowEntry(Noon, "lost") { Count = 2 }, ApiJson.Default.FlowEntry) + "\n",
            outcome.Out);
    }

    [Fact]
    public void A_daemon_that_dies_ends_the_flow_log_loudly()
    {
        _daemon.Says("GET /v1/flows?follow=1&last=0", "\n"u8.ToArray(), breaks: true);
        var outcome = _cli.Run("flows", "-f");
        Assert.Equal(4, outcome.Exit);
        Assert.Contains("ended the connection before its answer was complete", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("allowed", 0, "ALLOWED")]
    [InlineData("denied", 1, "DENIED")]
    [InlineData("undecided", 6, "UNKNOWN")]
    public void Trace(string verdict, int exit, string word)
    {
        _daemon.Says("POST /v1/trace", new TraceResponse("x/client", "x/web", "TCP", 80, "IPv4", verdict, "captured",
            [new TraceStep(0, "pod1", "TCP SYN"), new TraceStep(21.4, "inet judge", "accept")]),
            ApiJson.Default.TraceResponse);
        var outcome = _cli.Run("trace", "x/client", "x/web", "--port", "80/tcp");
        Assert.Equal((exit, ""), (outcome.Exit, outcome.Error));
        Assert.Equal($"""
            #  time      where       what
            1  0.000 ms  pod1        TCP SYN
            2  0.021 ms  inet judge  accept

            {word}   x/client → x/web   TCP 80 · IPv4   captured

            """, outcome.Out);
        Assert.Equal("""{"from":"x/client","to":"x/web","port":"TCP:80"}""", _daemon.OnlyBody.GetRawText());
    }

    [Fact]
    public void Capture_to_a_file_and_to_a_pipe()
    {
        byte[] file = [.. Block(0x0a0d0d0a, 28), .. Block(1, 20), .. Block(6, 60), .. Block(6, 44)];
        _daemon.Says("GET /v1/capture?pod=x%2Fweb&count=2", file);
        var path = _cli.File("out.pcapng", "old");
        var outcome = _cli.Run("capture", "x/web", "--count", "2", "-w", path);
        Assert.Equal((0, "", "2 packets\n"), (outcome.Exit, outcome.Out, outcome.Error));
        Assert.Equal(file, File.ReadAllBytes(path));
        Assert.Equal(file.Length, _cli.Run("capture", "web", "-n", "x", "--count", "2").Out.Length);
    }

    [Fact]
    public void A_capture_that_breaks_off_leaves_whole_blocks()
    {
        byte[] file = [.. Block(0x0a0d0d0a, 28), .. Block(6, 60)];
        _daemon.Says("GET /v1/capture?pod=x%2Fweb", [.. file, .. Block(6, 44)[..30]], breaks: true);
        var path = _cli.File("out.pcapng", "");
        Assert.Equal(4, _cli.Run("capture", "x/web", "-w", path).Exit);
        Assert.Equal(file, File.ReadAllBytes(path));
    }

    [Fact]
    public void Packets_are_nothing_for_a_terminal()
    {
        using var cli = new Cli { OutIsTerminal = true };
        cli.Run("capture", "x/web").ShouldFail(2,
            "dataplane: packets are nothing for a terminal: name a file with -w FILE, or pipe them to a program");
    }

    [Fact]
    public void A_refused_capture_leaves_the_old_file_alone()
    {
        var path = _cli.File("out.pcapng", "old");
        Assert.Equal(4, _cli.Run("capture", "x/web", "-w", path).Exit);
        Assert.Equal("old", File.ReadAllText(path));
    }

    private void Say(string path, params FlowEntry[] entries) =>
        _daemon.Says($"GET {path}", [.. entries.SelectMany(
            e => (byte[])[.. JsonSerializer.SerializeToUtf8Bytes(e, ApiJson.Default.FlowEntry), (byte)'\n'])],
            contentType: "application/x-ndjson");

    /// <summary>Type, total length, rubbish in between, and the length again.</summary>
    private static byte[] Block(uint type, int length)
    {
        var block = new byte[length];
        Array.Fill(block, (byte)0x41);
        BinaryPrimitives.WriteUInt32LittleEndian(block, type);
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(4), length);
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(length - 4), length);
        return block;
    }
}
