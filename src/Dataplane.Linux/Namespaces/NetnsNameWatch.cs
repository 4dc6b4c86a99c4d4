namespace Dataplane.Linux.Namespaces;

/// <summary>
/// Watches for removed names below /run/netns (inotify(7)). Removals before its construction are missed.
/// </summary>
public sealed class NetnsNameWatch : IDisposable
{
    private readonly FileSystemWatcher? _watcher;
    private int _went;

    /// <param name="prefix">Prefix of the names to watch.</param>
    public NetnsNameWatch(string prefix)
    {
        // Before the first name there may be no directory to watch.
        NetnsDirectory.Prepare();
        try
        {
            _watcher = new FileSystemWatcher(
                NetnsDirectory.Root, $"{prefix}*") { NotifyFilter = NotifyFilters.FileName };
            _watcher.Deleted += Note;
            _watcher.Renamed += Note;
            // The queue was full: anything may have happened.
            _watcher.Error += (_, _) => Interlocked.Exchange(ref _went, 1);
            _watcher.EnableRaisingEvents = true;
        }
        catch (IOException)
        {
            // fs.inotify.max_user_instances is reached, which all processes of the user share.
            _watcher?.Dispose();
            _watcher = null;
        }
    }

    /// <summary>
    /// Whether a name was removed since the last call. Always true where no inotify instance is available.
    /// </summary>
    public bool SomeWent() => Interlocked.Exchange(ref _went, 0) != 0 || _watcher is null;

    public void Dispose() => _watcher?.Dispose();

    private void Note(object sender, FileSystemEventArgs change) => Interlocked.Exchange(ref _went, 1);
}
