using System.Collections.Concurrent;
using Dataplane.Dns.Messages;
using Dataplane.Services.Names;

namespace Dataplane.Dns.Zones;

/// <summary>
/// The names of a cluster. One thread changes it while others look names up: they see each name before or after a
/// change, never between.
/// </summary>
internal sealed class Zone
{
    /// <summary>Records that an endless feed cannot exceed; each costs about 300 bytes.</summary>
    public const int MostRecords = 2_000_000;

    /// <summary>The domains that are answered for; the first one is the cluster's.</summary>
    public static readonly byte[] Domain = WireName.Parse(ServiceRecords.Domain);

    private static readonly byte[][] Reverse = [WireName.Parse("in-addr.arpa"), WireName.Parse("ip6.arpa")];

    /// <summary>What every cluster has (specification 2.2), and the name server of the zone (RFC 1034 4.2.1).</summary>
    private static readonly NameRecord[] OfEveryCluster =
    [
        new($"dns-version.{ServiceRecords.Domain}", RecordKind.Txt, Target: "1.1.0"),
        new(ServiceRecords.Domain, RecordKind.Ns, Target: ServiceRecords.NameServerName),
    ];

    private readonly ConcurrentDictionary<byte[], ZoneNode> _nodes;
    private readonly ConcurrentDictionary<byte[], ZoneNode>.AlternateLookup<ReadOnlySpan<byte>> _bySpan;
    private int _records;

    public Zone()
    {
        _nodes = new ConcurrentDictionary<byte[], ZoneNode>(
            concurrencyLevel: 1, capacity: 1031, new NameComparer());
        _bySpan = _nodes.GetAlternateLookup<ReadOnlySpan<byte>>();
        foreach (var always in (byte[][])[WireName.Parse($"svc.{ServiceRecords.Domain}"),
            WireName.Parse($"pod.{ServiceRecords.Domain}"), .. Reverse])
        {
            _nodes.GetOrAdd(always, _ => new ZoneNode()).Below = 1;
            Exist(always, 1);
        }
        Apply([], OfEveryCluster);
    }

    /// <summary>The number of the state, which is the serial number of the zone.</summary>
    public uint Serial { get; set; }

    /// <param name="name">In lower case.</param>
    /// <returns>Null: there is none of this name.</returns>
    public ZoneNode? Find(ReadOnlySpan<byte> name) => _bySpan.TryGetValue(name, out var node) ? node : null;

    /// <summary>Where in <paramref name="name"/> its domain begins; -1: it is of elsewhere.</summary>
    /// <param name="isReverse">It is one of the domains from addresses to names, of which others have parts.</param>
    public static int ApexOf(ReadOnlySpan<byte> name, out bool isReverse)
    {
        isReverse = false;
        var apex = WireName.PlaceOf(Domain, name);
        if (apex >= 0) return apex;
        isReverse = true;
        foreach (var domain in Reverse)
        {
            apex = WireName.PlaceOf(domain, name);
            if (apex >= 0) return apex;
        }
        return -1;
    }

    /// <summary>A record that is removed without being there, and one that is added again, changes nothing.</summary>
    /// <exception cref="FormatException">A name that cannot be one, or more records than are held; in the latter case
    /// nothing is changed.</exception>
    public void Apply(IReadOnlyList<NameRecord> removed, IReadOnlyList<NameRecord> added)
    {
        if (_records + added.Count > MostRecords)
            throw new FormatException($"more than {MostRecords:N0} records");
        var changes = removed.Select(r => (Record: r, IsAdded: false))
            .Concat(added.Select(r => (Record: r, IsAdded: true))).GroupBy(c => c.Record.Name, StringComparer.Ordinal);
        foreach (var name in changes) Change(WireName.Parse(name.Key), name);
    }

    private void Change(byte[] name, IEnumerable<(NameRecord Record, bool IsAdded)> changes)
    {
        var old = Find(name)?.Sets ?? [];
        var sets = old.ToDictionary(s => s.Kind, s => s.Data.ToList());
        foreach (var (record, isAdded) in changes)
        {
            var data = RecordData.Of(record);
            if (!sets.TryGetValue(record.Kind, out var all)) sets.Add(record.Kind, all = []);
            var index = all.FindIndex(d => d.AsSpan().SequenceEqual(data));
            if (isAdded && index < 0) all.Add(data);
            if (!isAdded && index >= 0) all.RemoveAt(index);
        }
        RecordSet[] now = [.. sets.Where(s => s.Value.Count > 0).Select(s => new RecordSet(s.Key, [.. s.Value]))];
        _records += now.Sum(s => s.Data.Length) - old.Sum(s => s.Data.Length);
        // Its parents exist before it does, and go after it.
        if (old.Length == 0 && now.Length > 0) Exist(name, 1);
        if (now.Length > 0 || old.Length > 0) _nodes.GetOrAdd(name, _ => new ZoneNode()).Sets = now;
        if (old.Length > 0 && now.Length == 0) Exist(name, -1);
        if (now.Length == 0) Forget(name);
    }

    /// <summary>Tells all parents of a name that it came or went.</summary>
    private void Exist(ReadOnlySpan<byte> name, int step)
    {
        for (var at = name[0] + 1; at < name.Length - 1; at += name[at] + 1)
        {
            var parent = name[at..].ToArray();
            _nodes.GetOrAdd(parent, _ => new ZoneNode()).Below += step;
            Forget(parent);
        }
    }

    private void Forget(byte[] name)
    {
        if (_nodes.TryGetValue(name, out var node) && node.Below == 0 && node.Sets.Length == 0)
            _nodes.TryRemove(name, out _);
    }
}
