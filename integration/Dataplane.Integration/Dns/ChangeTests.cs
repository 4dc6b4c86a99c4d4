using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dataplane.Services.Names;

namespace Dataplane.Integration.Dns;

/// <summary>Names that change all the time: no answer is older than what the server said it has.</summary>
public sealed class ChangeTests
{
    private const int Names = 2000, Rounds = 60;

    /// <summary>
    /// Every round gives all names another address, which has the number of the round in it. Whatever is answered is of
    /// the last round that the server has confirmed before the question, or a later one: never nothing, never both.
    /// </summary>
    [Fact]
    public async Task Thousands_of_names_that_change_all_the_time()
    {
        using var server = new NameServer("--limit", "1000000");
        using var client = await server.ConnectAsync();
        var stop = TestContext.Current.CancellationToken;
        await client.SnapshotAsync(1, [.. Enumerable.Range(0, Names).Select(n => Record(n, 0))], stop);
        var before = ResidentBytes(server);
        var (confirmed, begun, ended) = (0, 0, false);
        var asking = Task.Run(() =>
        {
            using var socket = server.Open("10.9.0.3", SocketType.Dgram);
            socket.Bind(new IPEndPoint(IPAddress.Parse("10.9.0.3"), 0));
            socket.Connect(new IPEndPoint(IPAddress.Parse("10.9.0.1"), 53));
            var (asked, rounds, answer) = (0, new HashSet<int>(), new byte[512]);
            for (; !Volatile.Read(ref ended); asked++)
            {
                var (least, query) = (Volatile.Read(ref confirmed), Query(asked % Names));
                socket.Send(query);
                var length = socket.Receive(answer);
                var most = Volatile.Read(ref begun);
                // One address: the question, and 16 bytes of a record.
                Assert.Equal(query.Length + 16, length);
                var round = (answer[length - 2] << 8) | answer[length - 1];
                Assert.InRange(round, least, most);
                rounds.Add(round);
            }
            return (asked, rounds.Count);
        }, stop);
        for (var round = 1; round <= Rounds && !asking.IsCompleted; round++)
        {
            Volatile.Write(ref begun, round);
            var change = new NameChange([.. Enumerable.Range(0, Names).Select(n => Record(n, round - 1))],
                [.. Enumerable.Range(0, Names).Select(n => Record(n, round))]);
            await client.DeltaAsync((uint)round + 1, change, stop);
            Volatile.Write(ref confirmed, round);
        }
        Volatile.Write(ref ended, true);
        var (asked, seen) = await asking;
        Assert.True(asked > Names && seen > Rounds / 4, $"{asked} asked, {seen} rounds seen");
        // 120,000 changes of names; what one round needs is little.
        Assert.InRange(ResidentBytes(server) - before, long.MinValue, 64L << 20);
    }

    private static NameRecord Record(int name, int round) => NameRecord.Of(
        string.Create(CultureInfo.InvariantCulture, $"n{name:0000}.shop.svc.cluster.local"),
        new IPAddress([10, 96, (byte)(round >> 8), (byte)round]));

    private static byte[] Query(int name) =>
    [
        (byte)(name >> 8), (byte)name, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 5,
        .. System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"n{name:0000}")), 4,
        .. "shop"u8, 3, .. "svc"u8, 7, .. "cluster"u8, 5, .. "local"u8, 0, 0, 1, 0, 1,
    ];

    private static long ResidentBytes(NameServer server) => 1024 * long.Parse(
        File.ReadLines($"/proc/{server.ProcessId}/status").Single(l => l.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
