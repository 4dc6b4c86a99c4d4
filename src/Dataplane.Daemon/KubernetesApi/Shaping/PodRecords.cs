using System.Globalization;
using Dataplane.Control.State;

namespace Dataplane.Daemon.KubernetesApi.Shaping;

/// <summary>
/// When pods came that no document names. A file keeps it, a line for each of them, so that none is younger after a
/// start of the daemon. For one thread.
/// </summary>
/// <param name="path">Of the file. Where it cannot be written, ages begin anew with the next start.</param>
internal sealed class PodRecords(string path)
{
    /// <summary>Lines of pods that are gone, above which the file is written anew.</summary>
    private const int MostLost = 1000;

    private readonly Dictionary<string, ObjectRecord> _records = [];
    private readonly Dictionary<Guid, DateTimeOffset> _kept = Read(path);
    private readonly List<string> _new = [];
    private int _lines = int.MaxValue;

    /// <summary>The same one for as long as the identity is the same.</summary>
    /// <param name="name"><c>namespace/name</c>.</param>
    public ObjectRecord Of(string name, Guid uid)
    {
        if (_records.TryGetValue(name, out var known) && known.Uid == uid) return known;
        var isKept = _kept.Remove(uid, out var since);
        var record = _records[name] = new ObjectRecord(uid, isKept ? since : ObjectRecord.Now());
        if (!isKept) _new.Add(Line(record));
        return record;
    }

    /// <summary>Drops what is gone, and writes what is new.</summary>
    /// <param name="isThere">By name.</param>
    public void Settle(Func<string, bool> isThere)
    {
        foreach (var name in _records.Keys.Where(n => !isThere(n)).ToList()) _records.Remove(name);
        // Of pods that have not come back by the first time.
        _kept.Clear();
        try
        {
            if (_lines - _records.Count > MostLost)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllLines($"{path}.new", _records.Values.Select(Line));
                File.Move($"{path}.new", path, overwrite: true);
                _lines = _records.Count;
            }
            else if (_new.Count > 0)
            {
                File.AppendAllLines(path, _new);
                _lines += _new.Count;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _lines = int.MaxValue;
        }
        _new.Clear();
    }

    private static string Line(ObjectRecord record) =>
        string.Create(CultureInfo.InvariantCulture, $"{record.Uid} {record.Created.ToUnixTimeSeconds()}");

    /// <summary>What is no line of ours, such as one that a death cut off, is passed over.</summary>
    private static Dictionary<Guid, DateTimeOffset> Read(string path)
    {
        var kept = new Dictionary<Guid, DateTimeOffset>();
        try
        {
            foreach (var line in File.ReadLines(path))
            {
                if (line.Split(' ') is [var uid, var seconds] && Guid.TryParse(uid, out var id)
                    && uint.TryParse(seconds, CultureInfo.InvariantCulture, out var since))
                {
                    kept[id] = DateTimeOffset.FromUnixTimeSeconds(since);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // None has been written.
        }
        return kept;
    }
}
