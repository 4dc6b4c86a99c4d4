using Dataplane.Services.Names;

namespace Dataplane.Dns.Zones;

/// <summary>All records of one name and type, as messages have their data.</summary>
/// <param name="Data">Each is never changed.</param>
internal sealed record RecordSet(RecordKind Kind, byte[][] Data);

/// <summary>A name that exists: it has records, or a name below it has.</summary>
internal sealed class ZoneNode
{
    private volatile RecordSet[] _sets = [];

    /// <summary>Replaced as a whole: whoever reads sees all records of a change or none. Empty: only names below it
    /// have some.</summary>
    public RecordSet[] Sets
    {
        get => _sets;
        set => _sets = value;
    }

    /// <summary>How many names below it have records, and 1 more where it always exists. The writer's alone.</summary>
    public int Below { get; set; }

    public RecordSet? Of(int type) => Array.Find(Sets, s => (int)s.Kind == type);
}
