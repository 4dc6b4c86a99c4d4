using System.Net;
using Dataplane.Dns.Forwarding;
using Dataplane.Dns.Messages;
using Dataplane.Dns.Zones;
using Dataplane.Services.Names;

namespace Dataplane.Dns.Tests.Hostile;

/// <summary>Random and damaged messages: nothing throws, and whatever is answered is well formed.</summary>
public sealed class FuzzTests
{
    private const string Web = "web.shop.svc.cluster.local";

    private static readonly Zone Zone = Make();

    private static readonly string[] Asking =
        [Web, "_http._tcp." + Web, "no." + Web, "1.0.96.10.in-addr.arpa", "away.shop.svc.cluster.local", "example.com"];

    private static Zone Make()
    {
        var zone = new Zone();
        zone.Apply([],
        [
            NameRecord.Of(Web, IPAddress.Parse("10.96.0.1")), NameRecord.Of(Web, IPAddress.Parse("fd00::1")),
            NameRecord.Service("_http._tcp." + Web, 80, Web), NameRecord.Pointer(IPAddress.Parse("10.96.0.1"), Web),
            NameRecord.Alias("away.shop.svc.cluster.local", Web),
        ]);
        return zone;
    }

    [Fact]
    public void A_hundred_thousand_damaged_queries()
    {
        var random = new Random(4711);
        var counts = new Dictionary<int, int>();
        for (var i = 0; i < 100_000; i++)
        {
            var message = Mutated(random);
            if (Asked.Of(Zone, message, random.Next(2) == 0, (uint)i) is not { } answer) continue;
            counts[answer.Code] = counts.GetValueOrDefault(answer.Code) + 1;
            if (answer.Question is not null) Assert.Equal(0, message[2] & 0x80);
        }
        // The damage is neither so great nor so small that a kind of answer is not met.
        Assert.All((int[])[0, 1, 3, 4, 5, 16], code => Assert.True(counts.GetValueOrDefault(code) > 20, $"{code}"));
    }

    [Fact]
    public void A_hundred_thousand_random_messages()
    {
        var random = new Random(4712);
        for (var i = 0; i < 100_000; i++)
        {
            var message = new byte[random.Next(0, 600)];
            random.NextBytes(message);
            if (random.Next(2) == 0 && message.Length > 12) (message[2], message[4], message[5]) = (1, 0, 1);
            Asked.Of(Zone, message);
        }
    }

    [Fact]
    public void A_hundred_thousand_damaged_answers_of_another_server()
    {
        var random = new Random(4713);
        var (passed, refused) = (0, 0);
        var into = new byte[ushort.MaxValue];
        var asked = Asked.Query("www.example.com", Asked.A, 1232);
        Assert.Equal(Parsed.Query, DnsQuery.Parse(asked, out var query));
        for (var i = 0; i < 100_000; i++)
        {
            var message = UpstreamMessages.Everything("www.example.com");
            for (var n = random.Next(0, 4); n > 0; n--) message[random.Next(33, message.Length)] = AnyByte(random);
            if (random.Next(4) == 0) message = message[..random.Next(33, message.Length)];
            var length = UpstreamAnswer.Write(query, null, message, 33, into, 1232);
            if (length == 0)
            {
                refused++;
            }
            else
            {
                passed++;
                _ = new Decoded(into.AsSpan(0, length));
            }
        }
        Assert.True(passed > 10_000 && refused > 10_000, $"{passed} passed, {refused} refused");
    }

    /// <summary>A pointer to itself, two to each other, forward, beyond the end, and 8,000 in a row.</summary>
    [Fact]
    public void Compression_that_goes_nowhere_or_too_far()
    {
        var into = new byte[WireName.Longest];
        byte[] row = [0, .. Enumerable.Range(0, 8000).SelectMany(i => Pointer(i == 0 ? 0 : (2 * i) - 1))];
        Assert.Equal(0, WireName.Expand([0xc0, 0], 0, into));
        Assert.Equal(0, WireName.Expand([0xc0, 2, 0xc0, 0], 2, into));
        Assert.Equal(0, WireName.Expand([0xc0, 2, 0], 0, into));
        Assert.Equal(0, WireName.Expand([0, 0xff, 0xff], 1, into));
        Assert.Equal(0, WireName.Expand([0, 0xc0], 1, into));
        // Labels before a pointer to their own beginning: a name without end.
        Assert.Equal(0, WireName.Expand([1, (byte)'a', 0xc0, 0], 0, into));
        Assert.Equal(1, WireName.Expand(row, row.Length - 2, into));
        // In a question none is allowed, not even one that would be right.
        Assert.Equal(1, Asked.Of(Zone, [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 4, 0, 1, 0, 1])!.Code);

        static byte[] Pointer(int to) => [(byte)(0xc0 | (to >> 8)), (byte)to];
    }

    private static byte[] Mutated(Random random)
    {
        var message = Asked.Query(Asking[random.Next(Asking.Length)], Kind(random),
            random.Next(3) == 0 ? null : random.Next(ushort.MaxValue));
        for (var n = random.Next(0, 4); n > 0; n--) message[random.Next(message.Length)] = AnyByte(random);
        return random.Next(6) switch
        {
            0 => message[..random.Next(message.Length)],
            1 => [.. message, .. message[random.Next(message.Length)..]],
            _ => message,
        };
    }

    private static int Kind(Random random)
    {
        int[] kinds = [1, 28, 33, 12, 5, 255, 6, random.Next(ushort.MaxValue)];
        return kinds[random.Next(kinds.Length)];
    }

    private static byte AnyByte(Random random) => random.Next(3) switch
    {
        0 => (byte)(0xc0 | random.Next(64)),
        1 => (byte)random.Next(4),
        _ => (byte)random.Next(256),
    };
}
