using System.Globalization;
using Dataplane.Daemon.State;
using Dataplane.Kubernetes.Loading;
using Dataplane.Linux.Files;
namespace Dataplane.Daemon.Store;

/// <summary>
/// The desired state on disk: a snapshot, and one file for each change since. A file is there whole or not at all. If anything of it
/// is lost, nothing of it is used: a policy that is missing would open what it closed.
/// </summary>
internal sealed class StateStore
{
    private const string SnapshotName = "snapshot.yaml", ChangePrefix = "change-", Extension = ".yaml", Temporary = ".tmp", LostName = "lost";

    /// <summary>A snapshot is written when there are so many changes, and as many as an eighth of what it would hold: it costs no change more than that.</summary>
    private const int MinChanges = 64, SnapshotShare = 8;

    private readonly string _directory;
    private readonly List<string> _errors = [];
    private int _changes;
    private bool _snapshotNext;

    private StateStore(string directory) => _directory = directory;

    /// <summary>What was there when the store was opened.</summary>
    public DesiredState Loaded { get; private set; } = DesiredState.Empty;

    /// <summary>What could not be read, and where it is now.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <param name="stateDirectory">Its subdirectory <c>state</c> is ours.</param>
    /// <exception cref="IOException">The directory cannot be made, or its names cannot be changed.</exception>
    public static StateStore Open(string stateDirectory, TimeProvider time)
    {
        var store = new StateStore(Path.Combine(stateDirectory, "state"));
        Directory.CreateDirectory(store._directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(store._directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        store.Load(time);
        return store;
    }

    /// <summary>Returns once <paramref name="after"/> survives a power loss.</summary>
    /// <param name="before">What is stored now.</param>
    /// <exception cref="IOException">It does not; what was stored still is.</exception>
    /// <param name="touched">Where <paramref name="after"/> differs.</param>
    public void Write(DesiredState before, DesiredState after, Touched touched) => Prepare(before, after, touched)();

    /// <summary>Does what needs room on the disk and changes nothing; what is returned makes it count, once it survives a power loss.</summary>
    /// <param name="before">What is stored now.</param>
    /// <exception cref="IOException">It cannot be stored. From what is returned: it is not; what was stored still is.</exception>
    /// <param name="touched">Where <paramref name="after"/> differs.</param>
    public Action Prepare(DesiredState before, DesiredState after, Touched touched)
    {
        if (before.Lost is not null || _snapshotNext)
        {
            WriteTemporary(SnapshotName, StateFile.Snapshot(after));
            return PutWhole;
        }
        var name = ChangeName(after.Generation);
        WriteTemporary(name, StateFile.Change(before, after, touched));
        return () => PutChange(name);
    }

    /// <summary>So many changes have come together that a start would be slow.</summary>
    /// <param name="stored">What is stored now.</param>
    public bool WantsSnapshot(DesiredState stored) => _changes >= Math.Max(MinChanges, stored.Objects.Count / SnapshotShare);

    /// <summary>Puts one file in the place of many. It takes as long as the state is large, on any thread: changes go on being stored meanwhile.</summary>
    /// <param name="stored">A state that is stored, and not lost.</param>
    /// <exception cref="IOException">It cannot be written; what was stored still is.</exception>
    public void WriteSnapshot(DesiredState stored)
    {
        WriteTemporary(SnapshotName, StateFile.Snapshot(stored));
        Put(SnapshotName);
        var old = ChangeFiles().Where(c => c.Generation <= stored.Generation).ToList();
        foreach (var (path, _) in old) File.Delete(path);
        DurableDirectory.Sync(_directory);
        Interlocked.Add(ref _changes, -old.Count);
    }

    /// <summary>The complete state, after something was lost.</summary>
    private void PutWhole()
    {
        // Should it fail half way, the next one is a snapshot again: this one may be there already.
        _snapshotNext = true;
        Put(SnapshotName);
        foreach (var (path, _) in ChangeFiles()) File.Delete(path);
        File.Delete(PathOf(LostName));
        DurableDirectory.Sync(_directory);
        _snapshotNext = false;
        Interlocked.Exchange(ref _changes, 0);
        _errors.Clear();
    }

    private void PutChange(string name)
    {
        try
        {
            Put(name);
            Interlocked.Increment(ref _changes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Who asked is told that it did not happen.
            File.Delete(PathOf(name));
            throw;
        }
    }

    private void Load(TimeProvider time)
    {
        foreach (var leftover in Directory.GetFiles(_directory, "*" + Temporary)) File.Delete(leftover);
        var state = DesiredState.Empty;
        var highest = 0L;
        var damaged = new List<(string Path, string Why)>();
        if (File.Exists(PathOf(SnapshotName)) && Read(PathOf(SnapshotName), damaged) is { } snapshot) state = snapshot.After(DesiredState.Empty);
        highest = state.Generation;
        foreach (var (path, generation) in ChangeFiles())
        {
            highest = Math.Max(highest, generation);
            // Left over from before the snapshot.
            if (generation <= state.Generation && damaged.Count == 0)
            {
                File.Delete(path);
                continue;
            }
            if (Read(path, damaged) is not { } change || damaged.Count > 0) continue;
            if (change.Generation != generation || generation != state.Generation + 1)
            {
                damaged.Add((path, $"it is generation {change.Generation}, behind {state.Generation}"));
                continue;
            }
            state = change.After(state);
            _changes++;
        }
        if (damaged.Count > 0) SetAside(damaged, highest, time);
        Loaded = Lost() ?? state;
    }

    private static StateFile? Read(string path, List<(string Path, string Why)> damaged)
    {
        try
        {
            return StateText.Read(File.ReadAllBytes(path));
        }
        catch (FormatException e)
        {
            damaged.Add((path, e.Message));
            return null;
        }
    }

    /// <summary>First the mark that something was lost, then the names: whenever the power fails, the next start knows.</summary>
    private void SetAside(List<(string Path, string Why)> damaged, long highest, TimeProvider time)
    {
        var stamp = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var told = damaged.Select(d => $"{d.Path}: {d.Why}; kept as {Path.GetFileName(d.Path)}.corrupt-{stamp}").ToList();
        WriteTemporary(LostName, System.Text.Encoding.UTF8.GetBytes($"{highest}\n{string.Join('\n', told)}\n"));
        Put(LostName);
        foreach (var (path, _) in damaged) File.Move(path, $"{path}.corrupt-{stamp}", overwrite: true);
        DurableDirectory.Sync(_directory);
    }

    /// <summary>Null: nothing was.</summary>
    private DesiredState? Lost()
    {
        if (!File.Exists(PathOf(LostName))) return null;
        var lines = File.ReadAllLines(PathOf(LostName));
        _errors.AddRange(lines.Skip(1));
        if (_errors.Count == 0) _errors.Add($"{PathOf(LostName)}: a part of the stored state was lost");
        // Generations go on where they were.
        return DesiredState.Empty with { Generation = lines is [var highest, ..] && long.TryParse(highest, out var number) ? number : 0, Lost = _errors[0] };
    }

    private void WriteTemporary(string name, StateFile file)
    {
        var bytes = StateText.Write(file);
        Check(file, bytes.Span);
        WriteTemporary(name, bytes.Span);
    }

    /// <summary>What cannot be read again must not count as stored.</summary>
    private static void Check(StateFile file, ReadOnlySpan<byte> bytes)
    {
        try
        {
            var again = StateText.Split(bytes);
            if (again.Documents.Count == file.Documents.Count && !Concurrent.Map([.. again.Documents.Zip(file.Documents)], d => d.First.Says(d.Second)).Contains(false)) return;
        }
        catch (FormatException e)
        {
            throw new IOException($"the state would not be read again: {e.Message}", e);
        }
        throw new IOException("the state would not be read again as it is");
    }

    private void WriteTemporary(string name, ReadOnlySpan<byte> bytes)
    {
        using var file = new FileStream(PathOf(name) + Temporary, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    private void Put(string name)
    {
        File.Move(PathOf(name) + Temporary, PathOf(name), overwrite: true);
        DurableDirectory.Sync(_directory);
    }

    private List<(string Path, long Generation)> ChangeFiles() =>
    [
        .. Directory.GetFiles(_directory, ChangePrefix + "*" + Extension)
            .Select(p => (Path: p, Name: Path.GetFileNameWithoutExtension(p)[ChangePrefix.Length..]))
            .Where(f => long.TryParse(f.Name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(f => (f.Path, Generation: long.Parse(f.Name, CultureInfo.InvariantCulture))).OrderBy(f => f.Generation),
    ];

    private static string ChangeName(long generation) => $"{ChangePrefix}{generation.ToString("D10", CultureInfo.InvariantCulture)}{Extension}";

    private string PathOf(string name) => Path.Combine(_directory, name);
}
