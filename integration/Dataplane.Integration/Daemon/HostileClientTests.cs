using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Dataplane.Api;
using Dataplane.Linux.Namespaces;
namespace Dataplane.Integration.Daemon;

/// <summary>
/// Clients that mean no good, or do not know better: the others are answered meanwhile, and memory stays bounded.
/// </summary>
public sealed class HostileClientTests
{
    private const long MaxGrowth = 256L << 20;

    [Fact]
    public async Task Garbage_is_refused()
    {
        await using var daemon = await RunningDaemon.Start();
        foreach (var garbage in new[] { "\0\0\0\0\r\n\r\n", "GET\r\n\r\n",
            "POST /v1/apply HTTP/1.1\r\nHost: x\r\nContent-Length: nonsense\r\n\r\n", new string('x', 100_000) })
            {
                using var socket = await daemon.Connect();
                Assert.StartsWith("HTTP/1.1 4", await Answer(socket, garbage), StringComparison.Ordinal);
            }
        Assert.Equal(0, (await daemon.Status()).DesiredGeneration);
        ThreadHome.AssertAllHome();
    }

    [Theory]
    [InlineData("FFFFFFFFFFFFFFFFF\r\n")]
    [InlineData("7FFFFFFFF\r\nx")]
    [InlineData("-1\r\nx")]
    [InlineData("zz\r\n")]
    [InlineData("3\r\nabcdefgh\r\n0\r\n\r\n")]
    [InlineData("1;\n\r\nx")]
    [InlineData("0\r\nTrailer\r\n\r\n")]
    public async Task A_body_in_chunks_that_are_none_is_refused(string chunks)
    {
        await using var daemon = await RunningDaemon.Start();
        foreach (var path in new[] { ApiPaths.Apply, ApiPaths.Verify, ApiPaths.Capture })
        {
            using var socket = await daemon.Connect();
            var answer = await Answer(
                socket, $"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");
            Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        }
        Assert.Equal(0, (await daemon.Status()).DesiredGeneration);
    }

    [Theory]
    [InlineData("POST", ApiPaths.Apply, "{", 400)]
    [InlineData("POST", ApiPaths.Apply, "null", 400)]
    [InlineData("POST", ApiPaths.Apply, "{}", 400)]
    [InlineData("POST", ApiPaths.Apply, """{"files":[null]}""", 400)]
    [InlineData("POST", ApiPaths.Apply, """{"files":[{"name":"a","text":null}]}""", 400)]
    [InlineData("POST", ApiPaths.Apply, """{"files":[{"name":"a\n--- # from b:1","text":"x"}]}""", 400)]
    [InlineData("POST", ApiPaths.Apply, """{"files":[{"name":"a","text":"x","firstLine":0}]}""", 400)]
    [InlineData("POST", ApiPaths.Apply, """{"files":[],"waitSeconds":-1}""", 400)]
    [InlineData("POST", ApiPaths.Apply, """{"files":[{"name":"a","text":"hello"}]}""", 422)]
    [InlineData("POST", ApiPaths.Delete, """{"objects":[{"kind":"Pod"}]}""", 400)]
    [InlineData("POST", ApiPaths.Delete, "{}", 400)]
    [InlineData("POST", ApiPaths.Verify, """{"probes":["nonsense"]}""", 400)]
    [InlineData("POST", ApiPaths.Verify, """{"family":5}""", 400)]
    [InlineData("GET", ApiPaths.Objects + "?colour=red", null, 400)]
    [InlineData("GET", ApiPaths.Apply, null, 405)]
    [InlineData("DELETE", ApiPaths.State, null, 405)]
    [InlineData("GET", "/v1/nothing", null, 404)]
    [InlineData("GET", "/", null, 404)]
    public async Task Whatever_is_wrong_is_a_problem(string method, string path, string? body, int status)
    {
        await using var daemon = await RunningDaemon.Start();
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };
        using var answer = await daemon.Client.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        var problem = await RunningDaemon.ProblemOf(answer);
        Assert.NotEqual(0, problem.ExitCode);
        Assert.DoesNotContain("   at ", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hundred_megabytes_are_too_many()
    {
        await using var daemon = await RunningDaemon.Start();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var socket = await daemon.Connect();
        Assert.StartsWith("HTTP/1.1 413",
            await Answer(socket, $"POST {ApiPaths.Apply} HTTP/1.1\r\nHost: x\r\nContent-Length: {100 << 20}\r\n\r\n"),
            StringComparison.Ordinal);
        // Without saying so beforehand.
        using var chunked = await daemon.Connect();
        await chunked.SendAsync(Encoding.ASCII.GetBytes(
            $"POST {ApiPaths.Apply} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"));
        var chunk = Encoding.ASCII.GetBytes($"100000\r\n{new string(' ', 1 << 20)}\r\n");
        try
        {
            for (var i = 0; i < 100; i++) await chunked.SendAsync(chunk);
        }
        catch (SocketException)
        {
            // The server hung up: so it should.
        }
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < MaxGrowth);
        Assert.Equal(1, (await daemon.Apply("a.yaml", Yaml.Pod("a"))).Generation);
    }

    [Fact]
    public async Task Half_requests_and_readers_that_never_read_hold_nobody_up()
    {
        await using var daemon = await RunningDaemon.Start();
        await daemon.Apply("many.yaml", [.. Enumerable.Range(0, 50).Select(i => Yaml.Pod($"p{i}"))]);
        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < 60; i++)
            {
                var socket = await daemon.Connect();
                sockets.Add(socket);
                var half = (i % 3) switch
                {
                    0 => "POST /v1/app",
                    1 => $"POST {ApiPaths.Apply} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{{\"files\":[",
                    // Asks for more and more, and takes nothing.
                    _ => string.Concat(Enumerable.Repeat($"GET {ApiPaths.State} HTTP/1.1\r\nHost: x\r\n\r\n", 200)),
                };
                await socket.SendAsync(Encoding.ASCII.GetBytes(half));
            }
            Assert.Equal(2, (await daemon.Apply("a.yaml", Yaml.Pod("a"))).Generation);
            Assert.Equal(51, (await daemon.Status()).Pods);
            // Dropped in the end: what they hold is given back.
            foreach (var socket in sockets.Where((_, i) => i % 3 != 2).Concat(sockets.Where((_, i) => i % 3 == 2)))
                await Drained(socket);
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public async Task More_connections_than_there_are_places_leave_those_that_have_one_alone()
    {
        await using var daemon = await RunningDaemon.Start();
        Assert.Equal(0, (await daemon.Status()).DesiredGeneration);
        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < 300; i++) sockets.Add(await daemon.Connect());
            Assert.Equal(1, (await daemon.Apply("a.yaml", Yaml.Pod("a"))).Generation);
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
    }

    [Fact]
    public async Task A_client_of_another_user_is_refused()
    {
        await using var daemon = await RunningDaemon.Start(o => o with { ReadGroup = "54321" });
        File.SetUnixFileMode(Path.GetDirectoryName(Path.GetDirectoryName(daemon.Socket))!, (UnixFileMode)0x1ed);
        Assert.Equal(200, StatusFor(daemon, ["--regid", "54321", "--clear-groups"], $"GET {ApiPaths.Status}"));
        Assert.Equal(200, StatusFor(daemon, ["--regid", "65534", "--groups", "54321"], $"GET {ApiPaths.Status}"));
        Assert.Equal(403, StatusFor(daemon, ["--regid", "54321", "--clear-groups"], $"POST {ApiPaths.Apply}"));
        // A client that may only read must not see packets of pods.
        Assert.Equal(403, StatusFor(daemon, ["--regid", "54321", "--clear-groups"], $"GET {ApiPaths.Capture}?pod=x/a"));
        // Even where the modes let everybody in.
        File.SetUnixFileMode(daemon.Socket, (UnixFileMode)0x1b6);
        File.SetUnixFileMode(Path.GetDirectoryName(daemon.Socket)!, (UnixFileMode)0x1ed);
        Assert.Equal(403, StatusFor(daemon, ["--regid", "65534", "--clear-groups"], $"GET {ApiPaths.Status}"));
    }

    [Theory]
    [InlineData("54321")]
    [InlineData("65534")]
    public async Task Those_who_may_little_leave_a_place_for_those_who_may_more(string group)
    {
        await using var daemon = await RunningDaemon.Start(o => o with { ReadGroup = "54321" });
        File.SetUnixFileMode(Path.GetDirectoryName(Path.GetDirectoryName(daemon.Socket))!, (UnixFileMode)0x1ed);
        File.SetUnixFileMode(daemon.Socket, (UnixFileMode)0x1b6);
        File.SetUnixFileMode(Path.GetDirectoryName(daemon.Socket)!, (UnixFileMode)0x1ed);
        const string client = """
            use IO::Socket::UNIX;
            $| = 1;
            my @s = map { IO::Socket::UNIX->new(Peer => $ARGV[0]) } 1..300;
            print "connected\n";
            <STDIN>;
            """;
        using var process = Process.Start(new ProcessStartInfo("setpriv",
            ["--reuid", "65534", "--regid", group, "--clear-groups", "perl", "-e", client, daemon.Socket])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        try
        {
            Assert.Equal("connected",
                await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            using var late = daemon.NewClient();
            Assert.Equal(1, (await daemon.Apply(RunningDaemon.Request("a.yaml", Yaml.Pod("a")), late)).Generation);
        }
        finally
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task More_flows_than_fit_into_memory_are_refused()
    {
        await using var daemon = await RunningDaemon.Start();
        await daemon.Apply("a.yaml", Yaml.Pod("a"), Yaml.Pod("b"), Yaml.Pod("c"));
        var all = new VerifyRequest
        {
            Probes = [.. Enumerable.Range(1, 65535)
                .SelectMany(port => new[] { $"TCP:{port}", $"UDP:{port}", $"SCTP:{port}" })],
        };
        Assert.Equal(400, (await daemon.Refused(ApiPaths.Verify, all, ApiJson.Default.VerifyRequest)).Status);
    }

    /// <summary>The status that user 65534 gets, with these groups.</summary>
    private static int StatusFor(RunningDaemon daemon, string[] groups, string request)
    {
        const string client = """
            use IO::Socket::UNIX;
            my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die "$!";
            print $s "$ARGV[1] HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";
            print scalar <$s>;
            """;
        using var process = Process.Start(new ProcessStartInfo("setpriv", ["--reuid", "65534", .. groups, "perl", "-e",
            client, daemon.Socket, request]) { RedirectStandardOutput = true })!;
        var line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return line.Split(' ') is [_, var status, ..] ? int.Parse(status, CultureInfo.InvariantCulture) : 0;
    }

    private static async Task<string> Answer(Socket socket, string request)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        var buffer = new byte[4096];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, limit.Token));
    }

    /// <summary>Returns once the other side has hung up.</summary>
    private static async Task Drained(Socket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var buffer = new byte[65536];
        try
        {
            while (await socket.ReceiveAsync(buffer, limit.Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
        }
    }
}
