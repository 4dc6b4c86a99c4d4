using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Dataplane.Integration.Promises;
using Dataplane.Linux.Programs;
using static Dataplane.Integration.Programs.ProgramsLab;

namespace Dataplane.Integration.KubernetesStreams;

/// <summary>exec and attach by their protocol.</summary>
public sealed class ChannelTests
{
    private const byte Input = 0, Output = 1, Errors = 2, Result = 3, Close = 255;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("v5.channel.k8s.io")]
    [InlineData("v4.channel.k8s.io")]
    public async Task The_result_is_a_status(string protocol)
    {
        using var lab = new StreamsLab(Pod("a", Waiting));
        lab.Programs.Await("a", "Running", "1/1");
        using var socket = await lab.Connect("a",
            "exec?command=sh&command=-c&command=echo+one;echo+two+>%262;exit+3&stdout=true&stderr=true", protocol);
        Assert.Equal(protocol, socket.SubProtocol);
        var said = await StreamsLab.All(socket);
        Assert.Equal(("one\n", "two\n"), (said[Output], said[Errors]));
        var status = JsonNode.Parse(said[Result])!;
        Assert.Equal(("Failure", "NonZeroExitCode"), ((string?)status["status"], (string?)status["reason"]));
        Assert.Equal("3", (string?)status["details"]!["causes"]![0]!["message"]);
        using var good = await lab.Connect("a", "exec?command=true&stdout=true", protocol);
        Assert.Equal("Success", (string?)JsonNode.Parse((await StreamsLab.All(good))[Result])!["status"]);
    }

    [Fact]
    public async Task The_end_of_the_input_ends_what_reads_it()
    {
        using var lab = new StreamsLab(Pod("a", Waiting));
        lab.Programs.Await("a", "Running", "1/1");
        using var socket = await lab.Connect("a", "exec?command=cat&stdin=true&stdout=true");
        await StreamsLab.Send(socket, Input, "hello"u8.ToArray());
        await StreamsLab.Send(socket, Close, (byte[])[Input]);
        Assert.Equal("hello", (await StreamsLab.All(socket))[Output]);
    }

    [Theory]
    [InlineData("trap+''+HUP+PIPE;while+:;do+sleep+1;done", "")]
    [InlineData("sleep+5000", "&tty=true")]
    public async Task A_client_that_goes_away_ends_its_program(string script, string terminal)
    {
        using var lab = new StreamsLab(Pod("a", Waiting));
        lab.Programs.Await("a", "Running", "1/1");
        ulong? ticks;
        int id;
        using (var socket = await lab.Connect("a",
            $"exec?command=sh&command=-c&command=echo+$$;{script}&stdin=true&stdout=true{terminal}"))
        {
            var buffer = new byte[64];
            var received = await socket.ReceiveAsync(buffer.AsMemory(), Stop);
            id = int.Parse(System.Text.Encoding.ASCII.GetString(buffer, 1, received.Count - 1).Trim(),
                System.Globalization.CultureInfo.InvariantCulture);
            ticks = ProcessHandle.StartTicksOf(id);
            Assert.NotNull(ticks);
            socket.Abort();
        }
        Steady.Until(() => ProcessHandle.StartTicksOf(id) != ticks, () => $"process {id} goes");
        Assert.Equal("ok\n", lab.Programs.Exec("a", "echo", "ok").Succeeded());
    }

    [Fact]
    public async Task What_a_program_leaves_behind_does_not_keep_its_client_waiting()
    {
        using var lab = new StreamsLab(Pod("a", Waiting));
        lab.Programs.Await("a", "Running", "1/1");
        using var socket = await lab.Connect("a",
            "exec?command=sh&command=-c&command=sleep+5000+%26+echo+done&stdin=true&stdout=true&stderr=true");
        Assert.Equal("done\n", (await StreamsLab.All(socket))[Output]);
    }

    [Fact]
    public async Task A_large_output_arrives_as_a_whole()
    {
        using var lab = new StreamsLab(Pod("a", Waiting));
        lab.Programs.Await("a", "Running", "1/1");
        using var socket = await lab.Connect("a",
            "exec?command=head&command=-c&command=50000000&command=/dev/zero&stdout=true");
        var (buffer, bytes) = (new byte[1 << 16], 0L);
        while (await socket.ReceiveAsync(buffer.AsMemory(), Stop) is { MessageType: WebSocketMessageType.Binary } part)
            bytes += part.Count - (part.EndOfMessage ? 1 : 0);
        Assert.InRange(bytes, 50_000_000, 50_000_300);
    }

    [Theory]
    [InlineData("exec?stdout=true")]
    [InlineData("exec?command=ls")]
    [InlineData("attach?stdin=true&stdout=true")]
    public async Task What_is_not_served_is_refused_before_the_upgrade(string query)
    {
        using var lab = new StreamsLab(Pod("a", Waiting));
        lab.Programs.Await("a", "Running", "1/1");
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => lab.Connect("a", query));
        Assert.Contains("400", refused.Message, StringComparison.Ordinal);
    }
}
