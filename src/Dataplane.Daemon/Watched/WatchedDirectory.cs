using Dataplane.Daemon.Host;
using Dataplane.Daemon.Reconcile;
using Dataplane.Daemon.State;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Linux.Files;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon.Watched;

/// <summary>
/// A directory whose manifests are desired state, as a kubelet's static pods are. A file counts once it has stopped changing; one
/// that cannot be used leaves what its last good content asked for. Its removal removes that.
/// </summary>
internal sealed partial class WatchedDirectory : IAsyncDisposable
{
    private static readonly TimeSpan Rescan = TimeSpan.FromSeconds(2), Settled = TimeSpan.FromMilliseconds(100);
    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    private readonly string? _directory;
    private readonly Reconciler _reconciler;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _touched = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, WatchedFile> _files = [];
    private readonly Dictionary<string, FileStamp> _seen = [];
    private volatile IReadOnlyList<string> _errors = [];
    private Task _loop = Task.CompletedTask;

    /// <param name="directory">Null: none is watched, and what an earlier one asked for ends.</param>
    public WatchedDirectory(string? directory, Reconciler reconciler, ILogger log) =>
        (_directory, _reconciler, _log) = (directory is null ? null : Path.GetFullPath(directory), reconciler, log);

    /// <summary>Files that are not enforced as they are, and why.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Returns after the first look.</summary>
    public async Task StartAsync()
    {
        await ScanAsync();
        _loop = LoopAsync();
    }

    /// <summary>Look now.</summary>
    public void Touch()
    {
        try
        {
            _touched.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody has said so already.
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
    }

    private async Task LoopAsync()
    {
        using var watcher = Watcher();
        while (true)
        {
            await _touched.WaitAsync(_seen.Count > 0 ? Settled : Rescan, _stop.Token);
            await ScanAsync();
        }
    }

    /// <summary>Only makes it faster: what it misses, the next scan finds.</summary>
    private FileSystemWatcher? Watcher()
    {
        if (_directory is null || !Directory.Exists(_directory)) return null;
        var watcher = new FileSystemWatcher(_directory) { EnableRaisingEvents = true };
        watcher.Changed += (_, _) => Touch();
        watcher.Created += (_, _) => Touch();
        watcher.Deleted += (_, _) => Touch();
        watcher.Renamed += (_, _) => Touch();
        return watcher;
    }

    private async Task ScanAsync()
    {
        string? trouble = null;
        try
        {
            var found = Listing();
            foreach (var (path, file) in found) await LookOrTellAsync(path, file);
            foreach (var gone in _files.Keys.Concat(_reconciler.Picture.State.WatchedFiles).Where(p => !found.ContainsKey(p)).ToHashSet()) await RemoveAsync(gone);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A directory that is not there just now is no wish to end everything.
            trouble = $"{_directory}: {e.Message}";
        }
        string[] errors = [.. trouble is null ? Array.Empty<string>() : [trouble], .. _files.Values.Select(f => f.Error).OfType<string>().Order(StringComparer.Ordinal)];
        foreach (var fresh in errors.Except(_errors)) NotEnforced(_log, fresh);
        _errors = errors;
    }

    private SortedDictionary<string, FileInfo> Listing()
    {
        var found = new SortedDictionary<string, FileInfo>(StringComparer.Ordinal);
        if (_directory is null) return found;
        foreach (var file in new DirectoryInfo(_directory).EnumerateFiles())
            if (!file.Name.StartsWith('.') && Extensions.Contains(file.Extension)) found[file.FullName] = file;
        return found;
    }

    /// <summary>What one file prevents must not keep others from being read, nor end the watch.</summary>
    private async Task LookOrTellAsync(string path, FileInfo file)
    {
        try
        {
            await LookAsync(path, file);
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            _seen.Remove(path);
            _files[path] = new WatchedFile(default, _files.GetValueOrDefault(path)?.Documents ?? [], $"{path}: {e.Message}", Retry: true);
        }
    }

    private async Task LookAsync(string path, FileInfo file)
    {
        var stamp = FileStamp.Of(file);
        var known = _files.GetValueOrDefault(path);
        if (known?.Stamp == stamp && !known.Retry) return;
        // Seen twice alike: nobody is writing just now. Half a file that stays half does not load, or is another person's wish.
        if (known?.Stamp != stamp && (!_seen.TryGetValue(path, out var before) || before != stamp) && DateTime.UtcNow - stamp.Written < Settled)
        {
            _seen[path] = stamp;
            return;
        }
        // Half a file is often a manifest too, one without the policies at its end.
        if (OpenWriters.Any(path))
        {
            _seen[path] = stamp;
            return;
        }
        _seen.Remove(path);
        var held = known?.Documents ?? [];
        var loaded = Load(path);
        if (FileStamp.Of(new FileInfo(path)) != stamp) return;
        if (loaded.Diagnostics.FirstOrDefault(d => d.Severity == Severity.Error) is { } wrong)
        {
            _files[path] = new WatchedFile(stamp, held, $"{wrong.Position}: {wrong.Message}; what the file said before stays", Retry: false);
            return;
        }
        try
        {
            await _reconciler.ChangeAsync(new ChangeItem(state => StateChange.Watch(state, path, loaded.Documents), dryRun: false, wait: null));
            _files[path] = new WatchedFile(stamp, loaded.Documents, null, Retry: false);
        }
        catch (ApiProblem problem)
        {
            _files[path] = new WatchedFile(stamp, held, $"{path}: {problem.Problem.Detail ?? problem.Problem.Title}", Retry: true);
        }
    }

    private static LoadResult Load(string path)
    {
        try
        {
            return ManifestLoader.Load([path]);
        }
        catch (ManifestPathException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private async Task RemoveAsync(string path)
    {
        try
        {
            await _reconciler.ChangeAsync(new ChangeItem(state => StateChange.Watch(state, path, []), dryRun: false, wait: null));
            _files.Remove(path);
            _seen.Remove(path);
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            _files[path] = new WatchedFile(default, [], $"{path} is gone, but not what it asked for: {(e as ApiProblem)?.Problem.Detail ?? e.Message}", Retry: true);
        }
    }

    [LoggerMessage(300, LogLevel.Error, "not enforced: {Error}")]
    private static partial void NotEnforced(ILogger log, string error);
}
