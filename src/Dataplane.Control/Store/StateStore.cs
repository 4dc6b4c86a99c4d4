using System.Globalization;
using Dataplane.Control.State;
using Dataplane.Kubernetes.Loading;
using Dataplane.Linux.Files;

namespace Dataplane.Control.Store;

/// <summary>
/// The desired state on disk: a snapshot, and one file for each change since. Each file is complete or absent. If any
/// part is lost, nothing is used: a missing policy would open what it closed.
/// </summary>
internal sealed class StateStore
{
    private const string SnapshotName = "snapshot.yaml", ChangePrefix = "change-", LostName = "lost";
    private const string Extension = ".yaml", Temporary = StoreDisk.Temporary;

    private const UnixFileMode OwnerOnly =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// A snapshot is written after at least this many changes, and as many as this share (1/8) of the objects it would
    /// hold, so that its cost per change is bounded.
    /// </summary>
    private const int MinChanges = 64, SnapshotShare = 8;

    private readonly string _directory;
    private readonly StoreDisk _disk;
    private string[] _losses = [];
    private int _changes;
    private bool _snapshotNext;

    private StateStore(string directory, string reserve) =>
        (_directory, _disk) = (directory, new StoreDisk(directory, reserve));

    /// <summary>The state at the time the store was opened.</summary>
    public DesiredState Loaded { get; private set; } = DesiredState.Empty;

    /// <summary>
    /// Files that could not be read, and where they were moved, until a complete state is stored; and why nothing can
    /// be stored now.
    /// </summary>
    public IReadOnlyList<string> Errors => Fault is { } fault ? [.. _losses, fault] : _losses;

    /// <summary>The first part of <see cref="Errors"/>.</summary>
    public IReadOnlyList<string> Losses => _losses;

    /// <summary>Why nothing can be stored now; null: the last attempt succeeded.</summary>
    public string? Fault => _disk.Fault;

    /// <param name="stateDirectory">The store is its subdirectory <c>state</c>; room for deletions is kept in
    /// <c>reserve</c>.</param>
    /// <exception cref="IOException">The directory cannot be made, or its names cannot be changed.</exception>
    public static StateStore Open(string stateDirectory, TimeProvider time)
    {
        var store = new StateStore(Path.Combine(stateDirectory, "state"), Path.Combine(stateDirectory, "reserve"));
        Directory.CreateDirectory(store._directory, OwnerOnly);
        // What is deleted and changed below must be ours.
        if (new DirectoryInfo(store._directory).LinkTarget is not null)
            throw new IOException($"{store._directory} is a link");
        File.SetUnixFileMode(store._directory, OwnerOnly);
        store.Load(time);
        store._disk.Reserve();
        return store;
    }

    /// <summary>Stores a state; it survives a power loss when this returns.</summary>
    /// <param name="before">The state that is stored now.</param>
    /// <param name="touched">The only places where <paramref name="after"/> differs.</param>
    /// <exception cref="IOException">It is not stored; the one before still is.</exception>
    public void Write(DesiredState before, DesiredState after, Touched touched) => Prepare(before, after, touched)();

    /// <summary>Writes a temporary file: everything that needs room on the disk.</summary>
    /// <param name="before">The state that is stored now.</param>
    /// <param name="touched">The only places where <paramref name="after"/> differs.</param>
    /// <returns>
    /// Puts the file in its place; the state survives a power loss when it returns. It throws an
    /// <see cref="IOException"/> where it fails; the state before is then still stored.
    /// </returns>
    /// <exception cref="IOException">It cannot be stored.</exception>
    public Action Prepare(DesiredState before, DesiredState after, Touched touched)
    {
        if (before.Lost is not null || _snapshotNext)
        {
            WriteTemporary(SnapshotName, StateFile.Snapshot(after));
            return PutWhole;
        }
        var name = ChangeName(after.Generation);
        var change = StateFile.Change(before, after, touched);
        WriteTemporary(name, change, isDeletion: change.Documents.Count == 0);
        return () => PutChange(name);
    }

    /// <summary>Looks whether something can be stored again, after a time when nothing could.</summary>
    /// <returns>Whether <see cref="Errors"/> has changed.</returns>
    public bool LookAgain() => _disk.LookAgain();

    /// <summary>Whether there are so many change files that the next start would be slow.</summary>
    /// <param name="stored">The state that is stored now.</param>
    public bool WantsSnapshot(DesiredState stored) =>
        _changes >= Math.Max(MinChanges, stored.Objects.Count / SnapshotShare);

    /// <summary>
    /// Replaces the change files by a snapshot. The time is proportional to the state; it may run on any thread while
    /// further changes are stored.
    /// </summary>
    /// <param name="stored">A state that is stored, and not lost.</param>
    /// <exception cref="IOException">It cannot be written; the state is still stored as it was.</exception>
    public void WriteSnapshot(DesiredState stored)
    {
        WriteTemporary(SnapshotName, StateFile.Snapshot(stored));
        _disk.Put(SnapshotName);
        var old = ChangeFiles().Where(c => c.Generation <= stored.Generation).ToList();
        foreach (var (path, _) in old) File.Delete(path);
        DurableDirectory.Sync(_directory);
        Interlocked.Add(ref _changes, -old.Count);
    }

    /// <summary>Stores the complete state after a loss.</summary>
    private void PutWhole()
    {
        // If this fails half way, the snapshot may already be in place: the next state must be a snapshot too.
        _snapshotNext = true;
        _disk.Put(SnapshotName);
        foreach (var (path, _) in ChangeFiles()) File.Delete(path);
        File.Delete(_disk.PathOf(LostName));
        DurableDirectory.Sync(_directory);
        _snapshotNext = false;
        Interlocked.Exchange(ref _changes, 0);
        _losses = [];
    }

    private void PutChange(string name)
    {
        try
        {
            _disk.Put(name);
            Interlocked.Increment(ref _changes);
        }
        catch (Exception e) when (StoreDisk.IsDisk(e))
        {
            // The client is told that the change did not happen, so the file must not be found at the next start.
            File.Delete(_disk.PathOf(name));
            throw;
        }
    }

    private void Load(TimeProvider time)
    {
        var written = ChangeFiles(Temporary).Select(c => c.Path)
            .Concat(((string[])[SnapshotName, LostName, StoreDisk.ProbeName])
                .Select(name => _disk.PathOf(name) + Temporary));
        foreach (var leftover in written) File.Delete(leftover);
        var state = DesiredState.Empty;
        var damaged = new List<(string Path, string Why)>();
        if (File.Exists(_disk.PathOf(SnapshotName)) && Read(_disk.PathOf(SnapshotName), damaged) is { } snapshot)
            state = snapshot.After(DesiredState.Empty);
        var highest = state.Generation;
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

    /// <summary>
    /// Writes the mark of a loss first, then renames the files: after a power loss in between, the next start still
    /// knows.
    /// </summary>
    private void SetAside(List<(string Path, string Why)> damaged, long highest, TimeProvider time)
    {
        var stamp = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var told = damaged.Select(d => $"{d.Path}: {d.Why}; kept as {Path.GetFileName(d.Path)}.corrupt-{stamp}");
        var note = $"{highest}\n{string.Join('\n', told)}\n";
        _disk.WriteTemporary(LostName, System.Text.Encoding.UTF8.GetBytes(note));
        _disk.Put(LostName);
        foreach (var (path, _) in damaged) File.Move(path, $"{path}.corrupt-{stamp}", overwrite: true);
        DurableDirectory.Sync(_directory);
    }

    /// <summary>The empty state that says what was lost; null: nothing was.</summary>
    private DesiredState? Lost()
    {
        if (!File.Exists(_disk.PathOf(LostName))) return null;
        var lines = File.ReadAllLines(_disk.PathOf(LostName));
        _losses = lines.Length > 1 ? lines[1..] : [$"{_disk.PathOf(LostName)}: a part of the stored state was lost"];
        // Generations continue where they were.
        return DesiredState.Empty with
        {
            Generation = lines is [var highest, ..] && long.TryParse(highest, out var number) ? number : 0,
            Lost = _losses[0],
        };
    }

    private void WriteTemporary(string name, StateFile file, bool isDeletion = false)
    {
        var bytes = StateText.Write(file);
        Check(file, bytes.Span);
        _disk.WriteTemporary(name, bytes.Span, isDeletion);
    }

    /// <summary>Reads the file again: a state that cannot be read back must not count as stored.</summary>
    private static void Check(StateFile file, ReadOnlySpan<byte> bytes)
    {
        try
        {
            var again = StateText.Split(bytes);
            var pairs = again.Documents.Zip(file.Documents).ToList();
            if (again.Documents.Count == file.Documents.Count && again.Records.Says(file.Records)
                && !Concurrent.Map(pairs, d => d.First.Says(d.Second)).Contains(false))
            {
                return;
            }
        }
        catch (FormatException e)
        {
            throw new IOException($"the state would not be read again: {e.Message}", e);
        }
        throw new IOException("the state would not be read again as it is");
    }

    /// <param name="suffix">Behind the names of complete ones.</param>
    private List<(string Path, long Generation)> ChangeFiles(string suffix = "") =>
    [
        .. Directory.GetFiles(_directory, ChangePrefix + "*" + Extension + suffix)
            .Select(p => (Path: p, Name: Path.GetFileName(p)[ChangePrefix.Length..^(Extension + suffix).Length]))
            .Where(f => long.TryParse(f.Name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(f => (f.Path, Generation: long.Parse(f.Name, CultureInfo.InvariantCulture)))
            .OrderBy(f => f.Generation),
    ];

    private static string ChangeName(long generation) =>
        $"{ChangePrefix}{generation.ToString("D10", CultureInfo.InvariantCulture)}{Extension}";
}
