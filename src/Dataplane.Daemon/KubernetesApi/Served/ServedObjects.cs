using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;
using Dataplane.Control.State;
using Dataplane.Daemon.KubernetesApi.Views;

namespace Dataplane.Daemon.KubernetesApi.Served;

/// <summary>
/// The objects as the API shows them, with a version for each, and the last changes. One thread changes it; any thread
/// reads.
/// </summary>
internal sealed class ServedObjects
{
    /// <summary>Changes that a watch can resume behind.</summary>
    private const int Kept = 16_384;

    private readonly ImmutableDictionary<string, ImmutableSortedDictionary<string, ServedObject>>.Builder _byPath =
        ImmutableDictionary.CreateBuilder<string, ImmutableSortedDictionary<string, ServedObject>>();
    private readonly List<ServedChange> _changes = [];
    private TaskCompletionSource _published = New();
    private volatile ServedList _current;
    private long _version;

    /// <param name="first">Versions count from here on. It is above those of all daemons before, as long as they made
    /// less than a million changes in a second.</param>
    public ServedObjects(long first)
    {
        _version = first;
        History.Begin(first);
        _current = new ServedList(first, -1, _byPath.ToImmutable());
    }

    public History History { get; } = new(Kept);

    public ServedList Current => _current;

    /// <summary>The object of that name; null: it is not shown.</summary>
    public ServedObject? Find(string path, string fullName) =>
        _byPath.TryGetValue(path, out var all) ? all.GetValueOrDefault(fullName) : null;

    /// <summary>Names of the objects of a resource, as they are being changed.</summary>
    public IEnumerable<string> Names(string path) => _byPath.TryGetValue(path, out var all) ? all.Keys : [];

    /// <summary>Shows an object; nothing happens where it is shown already as it is now.</summary>
    public void Put(ApiResource resource, string ns, string name, JsonObject view, HeldObject? held,
        StoredObject? stored)
    {
        var all = _byPath.GetValueOrDefault(resource.Path, ServedList.None);
        var full = ServedObject.FullNameOf(ns, name);
        var before = all.GetValueOrDefault(full);
        if (before is not null && Bytes(view, before.Version).AsSpan().SequenceEqual(before.Json.Span))
        {
            if (!ReferenceEquals(before.Held, held) || !ReferenceEquals(before.Stored, stored))
                _byPath[resource.Path] = all.SetItem(full, before with { Held = held, Stored = stored });
            return;
        }
        if (before is not null && Uid(before.Parse()) != Uid(view))
        {
            // Another object of the same name: the one before has gone.
            Remove(resource.Path, full);
            (before, all) = (null, _byPath.GetValueOrDefault(resource.Path, ServedList.None));
        }
        var after = new ServedObject(resource, ns, name, ++_version, Bytes(view, _version))
        {
            Held = held, Stored = stored,
        };
        _byPath[resource.Path] = all.SetItem(full, after);
        _changes.Add(new ServedChange(_version, before, after));
    }

    /// <summary>Shows an object no longer.</summary>
    public void Remove(string path, string fullName)
    {
        var all = _byPath.GetValueOrDefault(path, ServedList.None);
        if (!all.TryGetValue(fullName, out var before)) return;
        _byPath[path] = all.Remove(fullName);
        // The event of a deletion carries the version of the deletion.
        var last = before.Parse();
        var gone = before with { Version = ++_version, Json = Bytes(last, _version) };
        _changes.Add(new ServedChange(_version, gone, null));
    }

    /// <summary>Makes what was changed visible.</summary>
    /// <param name="generation">That of the state that is shown now.</param>
    public void Publish(long generation)
    {
        _current = new ServedList(_version, generation, _byPath.ToImmutable());
        History.Add(_changes);
        _changes.Clear();
        Interlocked.Exchange(ref _published, New()).SetResult();
    }

    /// <summary>Waits until a generation of the state is shown.</summary>
    public async Task<ServedList> ReachedAsync(long generation, CancellationToken stop)
    {
        while (true)
        {
            var published = Volatile.Read(ref _published).Task;
            if (_current is var current && current.Generation >= generation) return current;
            await published.WaitAsync(stop);
        }
    }

    /// <summary>Waits until something is published anew.</summary>
    public Task NextAsync(CancellationToken stop) => Volatile.Read(ref _published).Task.WaitAsync(stop);

    private static string? Uid(JsonObject obj) => obj.Child("metadata").Text("uid");

    private static byte[] Bytes(JsonObject view, long version)
    {
        view.Child("metadata")["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture);
        return JsonParts.Bytes(view);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
