using System.Diagnostics;
using Dataplane.Control.Reconcile;
using Dataplane.Control.Refusals;
using Dataplane.Control.State;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Linux.Files;
using Microsoft.Extensions.Logging;

namespace Dataplane.Control.Sources;

/// <summary>
/// A directory whose manifests are desired state, like a kubelet's static pods. A file is read once it has stopped
/// changing. A file with errors keeps its last content without errors; the removal of a file deletes its objects.
/// </summary>
public sealed partial class ManifestDirectory : IAsyncDisposable
{
    private static readonly TimeSpan Rescan = TimeSpan.FromSeconds(2), Settled = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a scan waits for an answer, and for each further one after it has waited in vain.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1), Impatience = TimeSpan.FromMilliseconds(50);

    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    private readonly string? _directory;
    private readonly Reconciler _reconciler;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _touched = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly PatientReader _reader = new(TimeProvider.System);
    private readonly Dictionary<string, ManifestDirectoryFile> _files = [];

    /// <summary>Files that were found changing, as they looked then.</summary>
    private readonly Dictionary<string, FileStamp> _changing = [];

    private volatile IReadOnlyList<string> _errors = [];
    private TimeSpan _patience = Patience;
    private Task _loop = Task.CompletedTask;

    /// <param name="directory">Null: no directory is watched, and objects of an earlier one are deleted.</param>
    public ManifestDirectory(string? directory, Reconciler reconciler, ILogger log) =>
        (_directory, _reconciler, _log) = (directory is null ? null : Path.GetFullPath(directory), reconciler, log);

    /// <summary>Files that are not enforced as they are, and why.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Returns after the first scan.</summary>
    public async Task StartAsync()
    {
        await ScanAsync();
        _loop = LoopAsync();
    }

    /// <summary>Scans now.</summary>
    public void Touch()
    {
        try
        {
            _touched.Release();
        }
        catch (SemaphoreFullException)
        {
            // A scan is already requested.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _loop;
        }
        catch (OperationCanceledException)
        {
        }
        _stop.Dispose();
        _touched.Dispose();
        _reader.Dispose();
    }

    private async Task LoopAsync()
    {
        using var watcher = await WatchAsync();
        while (true)
        {
            await _touched.WaitAsync(_changing.Count > 0 ? Settled : Rescan, _stop.Token);
            await ScanAsync();
        }
    }

    /// <summary>Only makes the reaction faster: the next scan finds what it misses.</summary>
    private async Task<FileSystemWatcher?> WatchAsync()
    {
        if (_directory is null) return null;
        try
        {
            return await AskAsync($"watch {_directory}", () => Watcher(_directory));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private FileSystemWatcher? Watcher(string directory)
    {
        if (!Directory.Exists(directory)) return null;
        var watcher = new FileSystemWatcher(directory) { EnableRaisingEvents = true };
        watcher.Changed += (_, _) => Touch();
        watcher.Created += (_, _) => Touch();
        watcher.Deleted += (_, _) => Touch();
        watcher.Renamed += (_, _) => Touch();
        return watcher;
    }

    private async Task ScanAsync()
    {
        string[] unreadable = [];
        _patience = Patience;
        try
        {
            var found = _directory is null ? [] : await AskAsync(_directory, () => Listing(_directory));
            _reader.Forget(path => path != _directory && !found.Contains(path));
            foreach (var path in found) await ReadSafelyAsync(path);
            var known = _files.Keys.Concat(_reconciler.Current.State.WatchedFiles).ToHashSet();
            foreach (var gone in known.Where(p => !found.Contains(p))) await RemoveAsync(gone);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A directory that is absent for a moment must not delete all of its objects.
            unreadable = [$"{_directory}: {e.Message}"];
        }
        var wrong = _files.Values.Select(f => f.Error).OfType<string>().Order(StringComparer.Ordinal);
        string[] errors = [.. unreadable, .. wrong];
        foreach (var fresh in errors.Except(_errors)) NotEnforced(_log, fresh);
        _errors = errors;
    }

    private async Task<T> AskAsync<T>(string about, Func<T> question)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            return await _reader.Ask(about, question, _patience);
        }
        finally
        {
            if (Stopwatch.GetElapsedTime(started) >= Patience) _patience = Impatience;
        }
    }

    private static SortedSet<string> Listing(string directory) => new(
        new DirectoryInfo(directory).EnumerateFiles()
            .Where(f => !f.Name.StartsWith('.') && Extensions.Contains(f.Extension)).Select(f => f.FullName),
        StringComparer.Ordinal);

    /// <summary>A failure with one file must neither keep the others from being read nor end the watch.</summary>
    private async Task ReadSafelyAsync(string path)
    {
        try
        {
            await ReadAsync(path);
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            _changing.Remove(path);
            var held = _files.GetValueOrDefault(path)?.Documents ?? [];
            _files[path] = new ManifestDirectoryFile(default, held, $"{path}: {e.Message}", Retry: true);
        }
    }

    private async Task ReadAsync(string path)
    {
        var known = _files.GetValueOrDefault(path);
        FileStamp? done = known is { Retry: false } ? known.Stamp : null;
        var found = await AskAsync(path, () => FoundFile.Look(path, done));
        if (found.Stamp == done) return;
        if (found.Content is not { } content || IsChanging(path, found, known))
        {
            _changing[path] = found.Stamp;
            return;
        }
        _changing.Remove(path);
        var (stamp, held) = (found.Stamp, known?.Documents ?? []);
        var loaded = ManifestLoader.LoadContent(path, content);
        if (loaded.Diagnostics.FirstOrDefault(d => d.Severity == Severity.Error) is { } wrong)
        {
            var error = $"{wrong.Position}: {wrong.Message}; what the file said before stays";
            _files[path] = new ManifestDirectoryFile(stamp, held, error, Retry: false);
            return;
        }
        try
        {
            await ChangeAsync(path, loaded.Documents);
            _files[path] = new ManifestDirectoryFile(stamp, loaded.Documents, null, Retry: false);
        }
        catch (RefusalException refusal)
        {
            _files[path] = new ManifestDirectoryFile(stamp, held, $"{path}: {refusal.Message}", Retry: true);
        }
    }

    /// <summary>
    /// Whether the file is probably being written: it is younger than <see cref="Settled"/> and looks different from
    /// the last scan, or a process has it open for writing. Half a file is often a valid manifest too, without its last
    /// policies.
    /// </summary>
    private bool IsChanging(string path, FoundFile found, ManifestDirectoryFile? known)
    {
        var stamp = found.Stamp;
        var isSettled = known?.Stamp == stamp || (_changing.TryGetValue(path, out var before) && before == stamp)
            || DateTime.UtcNow - stamp.Written >= Settled;
        return found.IsBeingWritten || !isSettled;
    }

    private async Task RemoveAsync(string path)
    {
        try
        {
            await ChangeAsync(path, []);
            _files.Remove(path);
            _changing.Remove(path);
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            var error = $"{path} is gone, but not what it asked for: {e.Message}";
            _files[path] = new ManifestDirectoryFile(default, [], error, Retry: true);
        }
    }

    private Task<ChangeResult> ChangeAsync(string path, IReadOnlyList<ManifestDocument> documents) =>
        _reconciler.ChangeAsync(new ChangeRequest(state => StateChange.Watch(state, path, documents)));

    [LoggerMessage(300, LogLevel.Error, "not enforced: {Error}")]
    private static partial void NotEnforced(ILogger log, string error);
}
