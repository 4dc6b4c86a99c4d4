using System.Globalization;
using System.Text;
using Dataplane.Control.State;

namespace Dataplane.Control.Store;

/// <summary>
/// Records as lines of a file of the store: comments of YAML, a record on each. Files from before there was a
/// Kubernetes
/// API have none.
/// </summary>
internal sealed class RecordText
{
    private const string Object = "# object ", Stored = "# stored ", Nothing = "-";

    private readonly Dictionary<ObjectKey, ObjectRecord> _objects = [];
    private readonly Dictionary<ObjectKey, StoredObject> _stored = [];

    public static void Write(TextWriter text, StateRecords records)
    {
        foreach (var (key, record) in records.Objects.OrderBy(r => r.Key))
        {
            var managed = record.ManagedFields.Length == 0 ? "" : $" {record.ManagedFields}";
            text.Write($"{Object}{key} {record.Uid} {Text(record.Created)} {Number(record.Generation)} "
                + $"{Text(record.Deleted)}{managed}\n");
        }
        foreach (var (key, stored) in records.Stored.OrderBy(r => r.Key))
            text.Write($"{Stored}{key} {Encoding.UTF8.GetString(stored.Json.Span)}\n");
    }

    /// <summary>Whether the line is a record; it is then taken.</summary>
    /// <exception cref="FormatException">It is one, and is not understood.</exception>
    public bool TryRead(string line)
    {
        if (Parts(line, Object, 7) is [var kind, var name, var uid, var created, var generation, var deleted,
            .. var managed])
        {
            _objects[new ObjectKey(kind, name)] = new ObjectRecord(Guid.Parse(uid), Time(created) ?? default)
            {
                Generation = long.Parse(generation, NumberStyles.None, CultureInfo.InvariantCulture),
                Deleted = Time(deleted),
                ManagedFields = managed is [var json] ? json : "",
            };
        }
        else if (Parts(line, Stored, 3) is [var resource, var full, var json])
        {
            _stored[new ObjectKey(resource, full)] = new StoredObject(Encoding.UTF8.GetBytes(json));
        }
        else
        {
            return false;
        }
        return true;
    }

    /// <summary>What was read.</summary>
    public StateRecords ToRecords() => new(_objects, _stored);

    private static string[]? Parts(string line, string prefix, int count) =>
        line.StartsWith(prefix, StringComparison.Ordinal) ? line[prefix.Length..].TrimEnd('\n').Split(' ', count)
            : null;

    private static string Text(DateTimeOffset? time) => time is { } at ? Number(at.ToUnixTimeSeconds()) : Nothing;

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(string text) => text == Nothing ? null : DateTimeOffset.FromUnixTimeSeconds(
        long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture));
}
