namespace Dataplane.Linux.Namespaces;

/// <summary>Notices that a name below /run/netns went, whoever removed it: inotify(7). What happens before it is made is missed.</summary>
public sealed class NetnsNameWatch : IDisposable
{
    private readonly FileSystemWatcher? _watcher;
    private int _went;

    /// <param name="prefix">Of the names that matter.</param>
    public NetnsNameWatch(string prefix)
    {
        // Before the first name there may be no directory to watch.
        NetnsDirectory.Prepare();
        try
        {
            _watcher = new FileSystemWatcher(NetnsDirectory.Root, $"{prefix}*") { NotifyFilter = NotifyFilters.FileName };
            _watcher.Deleted += Note;
            _watcher.Renamed += Note;
            // The queue was full: anything may have happened.
            _watcher.Error += (_, _) => Interlocked.Exchange(ref _went, 1);
            _watcher.EnableRaisingEvents = true;
        }
        catch (IOException)
        {
            // fs.inotify.max_user_instances, which is everybody's.
            _watcher?.Dispose();
            _watcher = null;
        }
    }

    /// <summary>Since the last time that somebody asked. Always, where the kernel has no notices left to give.</summary>
    public bool SomeWent() => Interlocked.Exchange(ref _went, 0) != 0 || _watcher is null;

    public void Dispose() => _watcher?.Dispose();

    private void Note(object sender, FileSystemEventArgs change) => Interlocked.Exchange(ref _went, 1);
}
