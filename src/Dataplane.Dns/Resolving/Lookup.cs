using Dataplane.Dns.Answers;
using Dataplane.Dns.Zones;
using Dataplane.Services.Names;

namespace Dataplane.Dns.Resolving;

/// <summary>What the name server would answer, without packets: the same code answers.</summary>
public sealed class Lookup
{
    private readonly Answerer _answerer;

    public Lookup(IReadOnlyCollection<NameRecord> records)
    {
        var zone = new Zone();
        zone.Apply([], [.. records]);
        _answerer = new Answerer(() => zone, forwards: false);
    }

    /// <exception cref="FormatException">It is no name in DNS.</exception>
    public LookupAnswer Ask(string name, RecordKind kind)
    {
        var question = new Question(0, name, kind);
        var reply = new byte[ushort.MaxValue];
        var length = _answerer.Answer(question.Bytes.Span, reply, isUdp: false, turn: 0).Length;
        return question.Read(reply.AsSpan(0, length))!;
    }
}
