using System.Diagnostics;
using System.Net;
using Dataplane.Dns.Feeding;
using Dataplane.Services.Names;

namespace Dataplane.Integration.Dns;

/// <summary>
/// <c>dataplane dns-server</c> in a namespace of its own, on port 53 of 10.9.0.1 and fd00:9::1, and clients that have
/// other addresses on the same loopback.
/// </summary>
internal sealed class NameServer : IDisposable
{
    public const string Web = "web.shop.svc.cluster.local";

    public static readonly string[] Addresses = ["10.9.0.1", "fd00:9::1"];

    private readonly TempDirectory _directory = new();
    private readonly TestNetns _netns = TestNetns.Create();
    private readonly Process _process;

    public NameServer(params string[] more) : this([], more)
    {
    }

    /// <param name="tracer">A program, with its arguments, that runs another one: the server.</param>
    public NameServer(string[] tracer, string[] more)
    {
        _netns.Exec("ip", "link set lo up");
        foreach (var address in (string[])["10.9.0.1/32", "10.9.0.2/32", "10.9.0.3/32", "fd00:9::1/128",
            "fd00:9::2/128"])
        {
            _netns.Exec("ip", $"addr add {address} dev lo");
        }
        string[] arguments = ["dns-server", "--address", "10.9.0.1", "--address", "fd00:9::1", "--feed", Feed, .. more];
        _process = Process.Start(new ProcessStartInfo("nsenter",
            [
                $"--net=/run/netns/{_netns.Name}", .. tracer, Path.Combine(AppContext.BaseDirectory, "dataplane"),
                .. arguments,
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("answering", _process.StandardOutput.ReadLine());
    }

    public string Netns => _netns.Name;

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    private string Feed => _directory["feed"];

    public Task<FeedClient> ConnectAsync() => FeedClient.ConnectAsync(Feed, TestContext.Current.CancellationToken);

    /// <summary>web in shop with 10.96.0.1 and fd00::1, and a port.</summary>
    public async Task TellAsync(params NameRecord[] more)
    {
        using var client = await ConnectAsync();
        await client.SnapshotAsync(1,
            [
                NameRecord.Of(Web, IPAddress.Parse("10.96.0.1")), NameRecord.Of(Web, IPAddress.Parse("fd00::1")),
                NameRecord.Service($"_http._tcp.{Web}", 80, Web), .. more,
            ], TestContext.Current.CancellationToken);
    }

    /// <summary>What dig prints; the test is skipped where it is not installed.</summary>
    public ToolResult Dig(string arguments)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/dig"), "dig is not installed");
        return InNetns.Try(_netns.Name, "dig", $"+tries=1 +time=5 {arguments}");
    }

    public string[] Lines(string arguments) =>
        Dig(arguments).Succeeded().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public System.Net.Sockets.Socket Open(string address, System.Net.Sockets.SocketType type) =>
        PodSocket.Open(_netns.Netns, IPAddress.Parse(address), type, 0);

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _netns.Dispose();
        _directory.Dispose();
    }
}
