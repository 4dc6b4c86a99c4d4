using Dataplane.Dns.Resolving;
using Dataplane.Services.Names;

namespace Dataplane.Dns.Tests.Hostile;

/// <summary>Answers to a question of ours, which anybody may have written.</summary>
public sealed class QuestionTests
{
    private static readonly Question Asked = new(0x1234, "web.shop", RecordKind.A);

    private static byte[] Answer(int code, int records, params byte[] more) =>
        [0x12, 0x34, 0x81, (byte)code, 0, 1, 0, (byte)records, 0, 0, 0, 0, .. Asked.Bytes[12..].Span, .. more];

    private static byte[] Record(int type, params byte[] data) =>
        [0xc0, 12, 0, (byte)type, 0, 1, 0, 0, 0, 5, 0, (byte)data.Length, .. data];

    [Fact]
    public void Codes_and_records_of_every_type()
    {
        byte[] alias = [2, .. "db"u8, 0xc0, 16];
        var answer = Asked.Read(Answer(0, 6, [.. Record(5, alias), .. Record(1, 10, 96, 7, 7),
            .. Record(28, [.. new byte[15], 1]), .. Record(16, [2, .. "hi"u8]),
            .. Record(33, [0, 0, 0, 1, 0, 80, .. alias]), .. Record(99, 1)]))!;
        Assert.Equal(("NOERROR", false), (answer.Code, answer.IsTruncated));
        Assert.Equal(["db.shop", "10.96.7.7", "::1", "hi", "80 db.shop", "TYPE99"], answer.Records);
        Assert.Equal(["FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "RCODE9"],
            ((int[])[1, 2, 3, 4, 5, 9]).Select(code => Asked.Read(Answer(code, 0))!.Code));
        var truncated = Answer(0, 0);
        truncated[2] |= 2;
        Assert.True(Asked.Read(truncated)!.IsTruncated);
        // Names are the same in any case (RFC 4343), and some servers repeat another one.
        var shouted = Answer(0, 0);
        shouted[13] = (byte)'W';
        Assert.NotNull(Asked.Read(shouted));
    }

    public static TheoryData<byte[]> NoAnswers() => new((byte[][])
    [
        [], Answer(0, 0)[..^1],
        // Another number, a query, another question, none, and a record that is not there.
        [0x12, 0x35, .. Answer(0, 0)[2..]], [0x12, 0x34, 0x01, .. Answer(0, 0)[3..]],
        [.. Answer(0, 0)[..^1], 2], [0x12, 0x34, 0x81, 0, 0, 0, .. Answer(0, 0)[6..]], Answer(0, 1),
        // Three bytes of an address, a name that leads to itself, and one that leads forward.
        Answer(0, 1, Record(1, 1, 2, 3)), Answer(0, 1, Record(5, 0xc0, 38)), Answer(0, 1, Record(5, 0xc0, 200)),
        Answer(0, 1, [.. Record(1, 1, 2, 3, 4)[..^1]]),
    ]);

    [Theory]
    [MemberData(nameof(NoAnswers))]
    public void What_is_no_answer(byte[] message) => Assert.Null(Asked.Read(message));

    [Fact]
    public void A_hundred_thousand_damaged_answers()
    {
        var random = new Random(4713);
        var whole = Answer(0, 3, [.. Record(5, [2, .. "db"u8, 0xc0, 16]), .. Record(1, 10, 96, 7, 7),
            .. Record(16, [2, .. "hi"u8])]);
        var (read, passedOver) = (0, 0);
        for (var i = 0; i < 100_000; i++)
        {
            var message = whole[..random.Next(whole.Length / 2, whole.Length + 1)];
            for (var damage = random.Next(4); damage > 0; damage--)
                message[random.Next(message.Length)] = (byte)random.Next(256);
            if (Asked.Read(message) is null) passedOver++;
            else read++;
        }
        Assert.True(read > 1000 && passedOver > 1000, $"{read} read, {passedOver} passed over");
    }
}
