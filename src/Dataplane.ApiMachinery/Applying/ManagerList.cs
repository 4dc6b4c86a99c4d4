using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Applying;

/// <summary>The managers of an object: its <c>metadata.managedFields</c>.</summary>
internal sealed class ManagerList
{
    /// <summary>As many managers that only update are kept apart; the oldest are merged beyond it.</summary>
    private const int MaxUpdaters = 10;

    private const string OldUpdater = "ancient-changes";

    private static readonly FieldSet Unmanaged = Set([
        "apiVersion", "kind", "metadata", "metadata name", "metadata namespace", "metadata creationTimestamp",
        "metadata selfLink", "metadata uid", "metadata clusterName", "metadata generation", "metadata managedFields",
        "metadata resourceVersion",
    ]);

    private readonly List<ManagedFieldsEntry> _entries;

    public ManagerList(List<ManagedFieldsEntry> entries) => _entries = entries;

    public IReadOnlyList<ManagedFieldsEntry> Entries => _entries;

    /// <summary>Of an object; none where it has none or they cannot be read.</summary>
    public static ManagerList Of(JsonObject obj)
    {
        var entries = ((obj["metadata"] as JsonObject)?["managedFields"] as JsonArray ?? [])
            .Select(ManagedFieldsEntry.Parse).ToList();
        return new ManagerList(entries.Contains(null) ? [] : [.. entries.OfType<ManagedFieldsEntry>()]);
    }

    public ManagedFieldsEntry? Find(ManagedFieldsEntry manager) => _entries.Find(e => e.IsOf(manager));

    /// <summary>In place of what the same manager had; without the fields that nobody manages.</summary>
    public void Put(ManagedFieldsEntry manager)
    {
        _entries.RemoveAll(e => e.IsOf(manager));
        var managed = manager.Fields.Difference(Unmanaged);
        if (!managed.IsEmpty)
        {
            _entries.Add(manager with { Fields = managed });
        }
    }

    /// <summary>Takes fields from all but one manager.</summary>
    /// <param name="kept">Null: from all.</param>
    public void Take(FieldSet fields, ManagedFieldsEntry? kept)
    {
        for (var i = _entries.Count - 1; i >= 0; i--)
        {
            if (kept is not null && _entries[i].IsOf(kept))
            {
                continue;
            }
            var rest = _entries[i].Fields.Difference(fields);
            if (rest.IsEmpty)
            {
                _entries.RemoveAt(i);
            }
            else
            {
                _entries[i] = _entries[i] with { Fields = rest };
            }
        }
    }

    /// <summary>Merges the oldest updates of a version until there are few enough.</summary>
    public void MergeOldUpdates()
    {
        var updaters = _entries.Where(e => !e.IsApplied)
            .OrderBy(e => e.Time).ThenBy(e => e.Manager, StringComparer.Ordinal).ToList();
        var left = updaters.Count;
        var first = new Dictionary<string, ManagedFieldsEntry>();
        foreach (var old in updaters)
        {
            if (left <= MaxUpdaters)
            {
                return;
            }
            if (!first.TryGetValue(old.ApiVersion, out var bucket))
            {
                first[old.ApiVersion] = old;
                continue;
            }
            _entries.Remove(bucket);
            _entries.Remove(old);
            var merged = new ManagedFieldsEntry(OldUpdater, ManagedFieldsEntry.Update, old.ApiVersion, old.Time, "",
                bucket.Fields.Union(old.Fields));
            _entries.Add(merged);
            first[old.ApiVersion] = merged;
            left--;
        }
    }

    /// <summary>Writes them into an object's metadata, in upstream's order.</summary>
    public void WriteTo(JsonObject obj)
    {
        if (obj["metadata"] is not JsonObject metadata)
        {
            obj["metadata"] = metadata = [];
        }
        metadata.Remove("managedFields");
        if (_entries.Count > 0)
        {
            metadata["managedFields"] = new JsonArray([.. _entries
                .OrderBy(e => e.Operation, StringComparer.Ordinal)
                .ThenBy(e => e.Time)
                .ThenBy(e => e.Manager, StringComparer.Ordinal)
                .ThenBy(e => e.ApiVersion, StringComparer.Ordinal)
                .ThenBy(e => e.Subresource, StringComparer.Ordinal)
                .Select(e => e.ToJson())]);
        }
    }

    private static FieldSet Set(string[] paths)
    {
        var set = new FieldSet();
        foreach (var path in paths)
        {
            set.Add(path.Split(' ').Select(PathElement.Field));
        }
        return set;
    }
}
