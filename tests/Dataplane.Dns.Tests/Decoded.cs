using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace Dataplane.Dns.Tests;

/// <summary>
/// A message taken apart without any of the code that made it, slowly and strictly: a damaged one fails the test.
/// </summary>
internal sealed class Decoded
{
    private static readonly Dictionary<int, string> Types = new()
    {
        [1] = "A", [2] = "NS", [5] = "CNAME", [6] = "SOA", [12] = "PTR", [16] = "TXT", [28] = "AAAA", [33] = "SRV",
    };

    private readonly byte[] _message;
    private int _at = 12;

    public Decoded(ReadOnlySpan<byte> message)
    {
        _message = message.ToArray();
        Assert.True(message.Length >= 12, "shorter than a header");
        Assert.NotEqual(0, message[2] & 0x80);
        var questions = Word(4);
        Assert.InRange(questions, 0, 1);
        if (questions == 1)
        {
            Question = $"{Name(ref _at)} {Type(Word(_at))}";
            _at += 4;
        }
        Answers = Section(6);
        Authority = Section(8);
        Additional = Section(10);
        Assert.Equal(message.Length, _at);
    }

    public string? Question { get; }

    /// <summary>NAME TTL TYPE DATA, as dig prints them.</summary>
    public IReadOnlyList<string> Answers { get; }

    public IReadOnlyList<string> Authority { get; }

    /// <summary>Without OPT.</summary>
    public IReadOnlyList<string> Additional { get; }

    /// <summary>Payload size, version and flags of OPT; null: there is none.</summary>
    public (int Payload, int Version, int Flags)? Opt { get; private set; }

    public int Code => (_message[3] & 0x0f) | (ExtendedCode << 4);

    public int Id => Word(0);

    public bool IsAuthoritative => (_message[2] & 0x04) != 0;

    public bool IsTruncated => (_message[2] & 0x02) != 0;

    public bool OffersRecursion => (_message[3] & 0x80) != 0;

    private int ExtendedCode { get; set; }

    private List<string> Section(int count)
    {
        var records = new List<string>();
        for (var left = Word(count); left > 0; left--)
        {
            var name = Name(ref _at);
            var (type, @class, ttl, length) =
                (Word(_at), Word(_at + 2), BinaryPrimitives.ReadUInt32BigEndian(_message.AsSpan(_at + 4)),
                    Word(_at + 8));
            _at += 10;
            var end = _at + length;
            Assert.True(end <= _message.Length, "a record goes beyond the message");
            if (type == 41)
            {
                Assert.Null(Opt);
                Assert.Equal(10, count);
                Assert.Equal("", name);
                Opt = (@class, (int)(ttl >> 16) & 0xff, (int)ttl & 0xffff);
                ExtendedCode = (int)(ttl >> 24);
            }
            else
            {
                Assert.Equal(1, @class);
                records.Add($"{name} {ttl} {Type(type)} {Data(type, end)}");
            }
            _at = end;
        }
        return records;
    }

    private string Data(int type, int end)
    {
        var at = _at;
        var shown = type switch
        {
            1 or 28 => new IPAddress(Rest()).ToString(),
            2 or 5 or 12 => Name(ref at),
            6 => $"{Name(ref at)} {Name(ref at)} {Numbers()}",
            16 => Encoding.ASCII.GetString(Rest() is { Length: > 0 } text ? text[1..] : []),
            33 => $"{Numbers(2, 3)} {Name(ref at)}",
            _ => Convert.ToHexString(Rest()),
        };
        Assert.Equal(end, at);
        return shown;

        byte[] Rest()
        {
            var all = _message[at..end];
            at = end;
            return all;
        }

        string Numbers(int size = 4, int count = 5)
        {
            var numbers = Enumerable.Range(0, count).Select(i => size == 2 ? (uint)Word(at + (2 * i))
                : BinaryPrimitives.ReadUInt32BigEndian(_message.AsSpan(at + (4 * i)))).ToList();
            at += size * count;
            return string.Join(' ', numbers);
        }
    }

    private string Name(ref int at)
    {
        var (labels, place, end, hops) = (new List<string>(), at, 0, 0);
        while (true)
        {
            Assert.True(place < _message.Length, "a name goes beyond the message");
            int length = _message[place];
            if (length >= 0xc0)
            {
                Assert.True(++hops < 20, "pointers go round");
                if (end == 0) end = place + 2;
                place = Word(place) & 0x3fff;
                continue;
            }
            Assert.True(length < 64, "a label of more than 63 bytes");
            if (length == 0) break;
            labels.Add(Encoding.Latin1.GetString(_message, place + 1, length));
            place += length + 1;
        }
        at = end == 0 ? place + 1 : end;
        return string.Join('.', labels);
    }

    private static string Type(int type) =>
        Types.TryGetValue(type, out var name) ? name : type.ToString(CultureInfo.InvariantCulture);

    private int Word(int at) => BinaryPrimitives.ReadUInt16BigEndian(_message.AsSpan(at));
}
