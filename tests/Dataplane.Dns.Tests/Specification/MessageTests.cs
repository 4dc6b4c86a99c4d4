using System.Net;
using Dataplane.Dns.Zones;
using Dataplane.Services.Names;

namespace Dataplane.Dns.Tests.Specification;

/// <summary>The form of answers: RFC 1035, 2181, 3225, 6891, 8482.</summary>
public sealed class MessageTests
{
    private const string Web = "web.shop.svc.cluster.local";

    private static readonly Zone Zone = Make(1);

    private static Zone Make(int addresses)
    {
        var zone = new Zone();
        zone.Apply([], [.. Enumerable.Range(1, addresses)
            .Select(i => NameRecord.Of(Web, IPAddress.Parse($"10.96.{i >> 8}.{i & 255}")))]);
        return zone;
    }

    [Fact]
    public void Letters_are_alike_and_the_question_comes_back_as_it_was_asked()
    {
        var answer = Asked.Of(Zone, "wEb.SHop.svc.CLUSTER.local", Asked.A);
        Assert.Equal("wEb.SHop.svc.CLUSTER.local A", answer.Question);
        Assert.Equal(["wEb.SHop.svc.CLUSTER.local 5 A 10.96.0.1"], answer.Answers);
        Assert.StartsWith("CLUSTER.local", Assert.Single(Asked.Of(Zone, "no.CLUSTER.local", Asked.A).Authority),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Without_OPT_there_is_none() =>
        Assert.Null(Asked.Of(Zone, Asked.Query(Web, Asked.A))!.Opt);

    [Fact]
    public void OPT_has_our_size_and_DO_as_the_client_sent_it() =>
        Assert.Equal((1232, 0, 0x8000), Asked.Of(Zone, Asked.Query(Web, Asked.A, 4096))!.Opt);

    [Fact]
    public void Another_version_of_EDNS()
    {
        var answer = Asked.Of(Zone, Asked.Query(Web, Asked.A, 1232, version: 1))!;
        Assert.Equal(16, answer.Code);
        Assert.Equal((1232, 0, 0x8000), answer.Opt);
        Assert.Empty(answer.Answers);
    }

    [Theory]
    [InlineData(null, 29, false)]
    [InlineData(null, 30, true)]
    [InlineData(100, 28, false)]
    [InlineData(100, 29, true)]
    [InlineData(512, 28, false)]
    [InlineData(512, 29, true)]
    [InlineData(1232, 73, false)]
    [InlineData(1232, 74, true)]
    [InlineData(65535, 74, true)]
    public void What_does_not_fit_a_datagram_is_left_out_whole(int? size, int addresses, bool isTruncated)
    {
        var message = Asked.Query(Web, Asked.A, size);
        var answer = Asked.Of(Make(addresses), message)!;
        Assert.Equal(isTruncated, answer.IsTruncated);
        Assert.Equal(isTruncated ? 0 : addresses, answer.Answers.Count);
        Assert.Equal(addresses, Asked.Of(Make(addresses), message, isUdp: false)!.Answers.Count);
    }

    [Fact]
    public void Addresses_take_turns()
    {
        var zone = Make(3);
        Assert.Equal(["10.96.0.1", "10.96.0.2", "10.96.0.3"],
            Enumerable.Range(0, 3).Select(i => Asked.Of(zone, Web, Asked.A, (uint)i).Answers[0].Split(' ')[^1]));
        Assert.Equal(3, Asked.Of(zone, Web, Asked.A, 2).Answers.Distinct().Count());
    }

    [Fact]
    public void Any_is_one_set() => Assert.Equal([$"{Web} 5 A 10.96.0.1"], Asked.Of(Zone, Web, Asked.Any).Answers);

    [Fact]
    public void Answers_are_not_answered() => Assert.Null(Asked.Of(Zone, Asked.Query(Web, Asked.A, flags: 0x81)));

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    public void Less_than_a_header_is_not_answered(int length) =>
        Assert.Null(Asked.Of(Zone, Asked.Query(Web, Asked.A)[..length]));

    [Theory]
    [InlineData(0x10)]
    [InlineData(0x20)]
    [InlineData(0x28)]
    public void Other_operations_are_not_implemented(int flags)
    {
        var answer = Asked.Of(Zone, Asked.Query(Web, Asked.A, flags: flags))!;
        Assert.Equal(4, answer.Code);
        Assert.Null(answer.Question);
    }

    public static TheoryData<string, byte[]> Damaged
    {
        get
        {
            var good = Asked.Query(Web, Asked.A, 1232);
            byte[] With(int at, byte value) => [.. good[..at], value, .. good[(at + 1)..]];
            return new TheoryData<string, byte[]>
            {
                { "no question", With(5, 0) }, { "two questions", With(5, 2) }, { "an answer", With(7, 1) },
                { "an authority", With(9, 1) }, { "nine additional records", With(11, 9) },
                { "the name is a pointer", With(12, 0xc0) }, { "a label of type 01", With(12, 0x40) },
                { "a label beyond the end", With(12, 63) }, { "cut", good[..^1] }, { "longer", [.. good, 0] },
                { "two OPT", [.. With(11, 2), .. good[^11..]] }, { "OPT of a name", With(good.Length - 11, 1) },
                { "a name of 256 bytes", Asked.Query(string.Join('.', Enumerable.Repeat(new string('a', 50), 5)), 1) },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Damaged_queries_are_format_errors(string what, byte[] message)
    {
        var answer = Asked.Of(Zone, message)!;
        Assert.True(answer.Code == 1, what);
        Assert.Null(answer.Question);
    }
}
