using System.Net;
using System.Net.Sockets;
using System.Text;
using Dataplane.Dns.Feeding;
using Dataplane.Services.Names;

namespace Dataplane.Dns.Tests.Feeding;

/// <summary>The daemon's names on their way to the server.</summary>
public sealed class FeedTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly FeedService _service;

    public FeedTests()
    {
        _service = new FeedService(FeedPath);
        _ = _service.RunAsync();
    }

    private string FeedPath => Path.Combine(_directory.Path, "feed");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _service.Dispose();
        _directory.Dispose();
    }

    private static NameRecord Web(int last) => NameRecord.Of("web.shop.svc.cluster.local", Address(last));

    private static IPAddress Address(int last) => new([10, 96, 0, (byte)last]);

    private string[] Answers(string name = "web.shop.svc.cluster.local") =>
        [.. Asked.Of(_service.Zone!, name, Asked.A).Answers.Select(a => a.Split(' ')[^1]).Order()];

    [Fact]
    public async Task A_snapshot_and_what_changes_after_it()
    {
        Assert.Null(_service.Zone);
        using var client = await FeedClient.ConnectAsync(FeedPath, Cancellation);
        await client.SnapshotAsync(1, [Web(1), Web(2)], Cancellation);
        Assert.Equal(["10.96.0.1", "10.96.0.2"], Answers());
        await client.DeltaAsync(2, new NameChange([Web(1)], [Web(3)]), Cancellation);
        Assert.Equal(["10.96.0.2", "10.96.0.3"], Answers());
        Assert.Contains(" 2 7200 ", Assert.Single(
            Asked.Of(_service.Zone!, "cluster.local", Asked.Soa).Answers), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_stay_when_the_daemon_ends_and_the_next_one_replaces_them()
    {
        using (var client = await FeedClient.ConnectAsync(FeedPath, Cancellation))
            await client.SnapshotAsync(1, [Web(1)], Cancellation);
        Assert.Equal(["10.96.0.1"], Answers());
        using var next = await FeedClient.ConnectAsync(FeedPath, Cancellation);
        Assert.Equal(["10.96.0.1"], Answers());
        await next.SnapshotAsync(1, [NameRecord.Of("db.shop.svc.cluster.local", Address(9))], Cancellation);
        Assert.Empty(Answers());
        Assert.Equal(["10.96.0.9"], Answers("db.shop.svc.cluster.local"));
    }

    [Fact]
    public async Task A_new_daemon_ends_the_connection_of_the_one_before()
    {
        using var old = await FeedClient.ConnectAsync(FeedPath, Cancellation);
        await old.SnapshotAsync(1, [Web(1)], Cancellation);
        using var next = await FeedClient.ConnectAsync(FeedPath, Cancellation);
        await next.SnapshotAsync(2, [Web(2)], Cancellation);
        await Assert.ThrowsAnyAsync<IOException>(
            () => old.DeltaAsync(3, new NameChange([], [Web(3)]), Cancellation));
        Assert.Equal(["10.96.0.2"], Answers());
    }

    [Fact]
    public async Task Half_a_snapshot_is_none()
    {
        using (var client = await FeedClient.ConnectAsync(FeedPath, Cancellation))
            await client.SnapshotAsync(1, [Web(1)], Cancellation);
        Assert.Equal("", await Say("dataplane-dns 1\nsnapshot 2\n+ A web.shop.svc.cluster.local 10.96.0.7\n"));
        Assert.Equal(["10.96.0.1"], Answers());
    }

    [Theory]
    [InlineData("dataplane-dns 2\n", "\"dataplane-dns 1\" is expected")]
    [InlineData("dataplane-dns 1\ndelta 1\n", "no beginning of a snapshot: delta 1")]
    [InlineData("dataplane-dns 1\nsnapshot\n", "no beginning of a snapshot")]
    [InlineData("dataplane-dns 1\nsnapshot x\n", "no beginning of a snapshot")]
    [InlineData("dataplane-dns 1\nsnapshot 1\n- A a 10.0.0.1\n", "a snapshot only adds")]
    [InlineData("dataplane-dns 1\nsnapshot 1\n+ A a..b 10.0.0.1\n", "no name in DNS")]
    [InlineData("dataplane-dns 1\nsnapshot 1\n+ A a 10.0.0.256\n", "no line of a record")]
    [InlineData("dataplane-dns 1\nsnapshot 1\n+ MX a 10.0.0.1\n", "no line of a record")]
    [InlineData("dataplane-dns 1\nsnapshot 1\n+ SRV a 70000 b\n", "no line of a record")]
    [InlineData("dataplane-dns 1\nsnapshot 1\n+ CNAME a b c\n", "no line of a record")]
    public async Task What_is_no_feed_is_refused_with_a_reason(string said, string reason)
    {
        Assert.Contains($"error ", await Say(said), StringComparison.Ordinal);
        Assert.Contains(reason, await Say(said), StringComparison.Ordinal);
        Assert.Null(_service.Zone);
    }

    [Fact]
    public async Task A_line_without_end_is_refused() => Assert.Contains("a line of more than 1024 characters",
        await Say("dataplane-dns 1\nsnapshot 1\n" + new string('a', 2000)), StringComparison.Ordinal);

    [Fact]
    public void Lines_say_what_they_mean()
    {
        NameRecord[] records =
        [
            Web(1), NameRecord.Of("web.shop.svc.cluster.local", IPAddress.Parse("fd00::1")),
            NameRecord.Service("_http._tcp.web.shop.svc.cluster.local", 80, "web.shop.svc.cluster.local"),
            NameRecord.Pointer(Address(1), "web.shop.svc.cluster.local"), NameRecord.Alias("a.b", "example.com"),
        ];
        Assert.All(records, r => Assert.Equal((true, r), FeedLine.Parse(FeedLine.Of('+', r))));
        Assert.Equal((false, records[0]), FeedLine.Parse(FeedLine.Of('-', records[0])));
        Assert.Equal("+ SRV _http._tcp.web.shop.svc.cluster.local 80 web.shop.svc.cluster.local",
            FeedLine.Of('+', records[2]));
    }

    /// <summary>Thousands of changes while others ask: every answer is of before or after, none is between.</summary>
    [Fact]
    public async Task A_name_is_always_there_while_it_changes()
    {
        using var client = await FeedClient.ConnectAsync(FeedPath, Cancellation);
        await client.SnapshotAsync(1, [Web(0)], Cancellation);
        var stop = false;
        var asking = Task.Run(() =>
        {
            var asked = 0;
            for (; !Volatile.Read(ref stop); asked++) Assert.Single(Answers());
            return asked;
        }, Cancellation);
        for (var i = 1u; i <= 3000; i++)
        {
            var change = new NameChange([Web((int)(i - 1) % 250)], [Web((int)i % 250)]);
            await client.DeltaAsync(i + 1, change, Cancellation);
        }
        Volatile.Write(ref stop, true);
        Assert.NotEqual(0, await asking);
    }

    /// <summary>Says it, and reads what is answered until the end.</summary>
    private async Task<string> Say(string text)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(FeedPath), Cancellation);
        await socket.SendAsync(Encoding.ASCII.GetBytes(text), Cancellation);
        using var reader = new StreamReader(new NetworkStream(socket), Encoding.ASCII);
        socket.Shutdown(SocketShutdown.Send);
        return await reader.ReadToEndAsync(Cancellation);
    }
}
