using Dataplane.Dns.Messages;
using Dataplane.Dns.Zones;
using Dataplane.Services.Names;

namespace Dataplane.Dns.Answers;

/// <summary>
/// Messages to answers, without a socket: Kubernetes DNS-Based Service Discovery 1.1.0. What is asked for in vain costs
/// two lookups. For any number of threads.
/// </summary>
/// <param name="zone">Asked once for each message; null: there are no names yet, and nothing can be said.</param>
/// <param name="forwards">Whether there is a server for names of elsewhere; they are refused otherwise.</param>
internal sealed class Answerer(Func<Zone?> zone, bool forwards)
{
    /// <summary>From one name of the cluster to another, before something must be wrong.</summary>
    private const int MostAliases = 8;

    private const int Internet = 1, Any = 255;

    /// <summary>AXFR and IXFR: the whole zone is for nobody.</summary>
    private const int WholeZone = 252, Increment = 251;

    /// <param name="into">At least 512 bytes; an answer by TCP may take 65,535.</param>
    /// <param name="isUdp">The answer is as long as the client takes it by UDP, otherwise as long as
    /// <paramref name="into"/>.</param>
    /// <param name="turn">Another number for each message: sets of records begin elsewhere each time.</param>
    public Outcome Answer(ReadOnlySpan<byte> message, Span<byte> into, bool isUdp, uint turn)
    {
        switch (DnsQuery.Parse(message, out var query))
        {
            case Parsed.Silence: return Outcome.Silence;
            case Parsed.NotImplemented: return Fault(message, into, ResponseCode.NotImplemented);
            case Parsed.Malformed: return Fault(message, into, ResponseCode.FormatError);
            default: break;
        }
        var reply = new ReplyWriter(query, into, isUdp ? UdpLimit(query) : into.Length)
        {
            OffersRecursion = forwards,
        };
        if (query.Edns is { Version: > 0 }) return Reply(ref reply, ResponseCode.BadVersion);
        if (zone() is not { } names) return Reply(ref reply, ResponseCode.ServerFailure);
        if (query.Class != Internet || query.Type is WholeZone or Increment)
            return Reply(ref reply, ResponseCode.Refused);
        return Answer(names, query, ref reply, turn);
    }

    /// <summary>The longest answer by UDP to a query.</summary>
    public static int UdpLimit(scoped in DnsQuery query) => Math.Clamp(
        (int)(query.Edns?.PayloadSize ?? DnsQuery.PlainPayload), DnsQuery.PlainPayload, ReplyWriter.UdpPayload);

    private static Outcome Fault(ReadOnlySpan<byte> message, Span<byte> into, ResponseCode code) =>
        new(Disposition.Reply, ReplyWriter.Fault(message, into, code));

    private static Outcome Reply(ref ReplyWriter reply, ResponseCode code) =>
        new(Disposition.Reply, reply.Finish(code));

    private Outcome Answer(Zone names, scoped in DnsQuery query, ref ReplyWriter reply, uint turn)
    {
        Span<byte> name = stackalloc byte[WireName.Longest];
        name = name[..query.NameLength];
        WireName.Lower(query.Name, name);
        var (place, aliases) = (DnsQuery.HeaderBytes, 0);
        while (true)
        {
            var apex = Zone.ApexOf(name, out var isReverse);
            var node = apex < 0 ? null : names.Find(name);
            if (apex < 0 || (node is null && isReverse && forwards)) return Elsewhere(name, aliases > 0, ref reply);
            // Of these names nobody knows more; without RA nslookup asks the next server all the same.
            (reply.IsAuthoritative, reply.OffersRecursion) = (true, true);
            if (node is null || node.Of((int)RecordKind.Cname) is not { } alias || query.Type is (int)RecordKind.Cname)
                return Known(names, node, new Owner(name, place, apex), query, ref reply, turn);
            var target = alias.Data[0];
            // The name goes round in a circle, or the way is too long: what was found is the answer.
            if (++aliases > MostAliases) return Reply(ref reply, ResponseCode.ServerFailure);
            var at = reply.Length + 12;
            if (!reply.TryWrite(place, (int)RecordKind.Cname, RecordData.Ttl, target))
                return Truncated(query, ref reply);
            reply.Count(0, 1);
            place = at;
            name = target;
        }
    }

    /// <param name="place">Where in the answer the name stands.</param>
    /// <param name="apex">Where in the name its domain begins.</param>
    private readonly ref struct Owner(ReadOnlySpan<byte> name, int place, int apex)
    {
        public ReadOnlySpan<byte> Name { get; } = name;
        public int Place { get; } = place;
        public int Apex { get; } = apex;
    }

    private Outcome Elsewhere(scoped ReadOnlySpan<byte> name, bool isAlias, ref ReplyWriter reply)
    {
        if (forwards) return new Outcome(Disposition.Forward, 0, isAlias ? name.ToArray() : null);
        // An alias is an answer by itself: who asks may ask another server for the rest.
        return Reply(ref reply, isAlias ? ResponseCode.NoError : ResponseCode.Refused);
    }

    private static Outcome Known(Zone names, ZoneNode? node, scoped Owner owner, scoped in DnsQuery query,
        ref ReplyWriter reply, uint turn)
    {
        if (query.Type is (int)RecordKind.Soa or Any && owner.Apex == 0)
        {
            if (!reply.TryWrite(owner.Place, (int)RecordKind.Soa, RecordData.Ttl, RecordData.OfAuthority(names.Serial)))
                return Truncated(query, ref reply);
            reply.Count(0, 1);
            return Reply(ref reply, ResponseCode.NoError);
        }
        // To "any" one set is an answer (RFC 8482 4.1).
        var set = query.Type == Any ? node?.Sets.FirstOrDefault() : node?.Of(query.Type);
        if (set is null) return Absent(names, node is not null, owner, query, ref reply);
        Span<int> places = stackalloc int[Additional.Most];
        var first = (int)(turn % (uint)set.Data.Length);
        for (var i = 0; i < set.Data.Length; i++)
        {
            if (i < places.Length) places[i] = reply.Length + 12;
            var data = set.Data[(first + i) % set.Data.Length];
            if (!reply.TryWrite(owner.Place, (int)set.Kind, RecordData.Ttl, data)) return Truncated(query, ref reply);
        }
        reply.Count(0, set.Data.Length);
        if (set.Kind is RecordKind.Srv) Additional.Write(names, set, first, places, ref reply);
        return Reply(ref reply, ResponseCode.NoError);
    }

    /// <summary>The name without that type, or no such name: SOA says for how long (RFC 2308).</summary>
    private static Outcome Absent(
        Zone names, bool exists, scoped Owner owner, scoped in DnsQuery query, ref ReplyWriter reply)
    {
        if (!reply.TryWrite(
            owner.Place + owner.Apex, (int)RecordKind.Soa, RecordData.Ttl, RecordData.OfAuthority(names.Serial)))
        {
            return Truncated(query, ref reply);
        }
        reply.Count(1, 1);
        return Reply(ref reply, exists ? ResponseCode.NoError : ResponseCode.NoSuchName);
    }

    private static Outcome Truncated(scoped in DnsQuery query, ref ReplyWriter reply)
    {
        reply.Truncate(query.Message.Length);
        return Reply(ref reply, ResponseCode.NoError);
    }
}
