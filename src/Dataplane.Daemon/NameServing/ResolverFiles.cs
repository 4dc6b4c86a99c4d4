using Dataplane.Dns.Resolving;
using Dataplane.Node.Live;

namespace Dataplane.Daemon.NameServing;

/// <summary>
/// <c>/etc/netns/NAME/resolv.conf</c> of pods, which <c>ip netns exec</c> and <c>dataplane exec</c> lay over
/// /etc/resolv.conf. A file that is there and does not begin with our mark is somebody else's, and stays.
/// </summary>
public static class ResolverFiles
{
    private const string Root = "/etc/netns", Name = "resolv.conf", Mark = "# made by dataplane";

    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        | UnixFileMode.OtherRead;

    private const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute
        | UnixFileMode.OtherExecute;

    /// <param name="pod">With a namespace that has a name.</param>
    /// <param name="servers">Addresses of the name server.</param>
    internal static void Write(LivePod pod, IEnumerable<string> servers)
    {
        var path = PathOf(pod.NetnsName!);
        if (Path.Exists(path) && !IsOurs(path)) return;
        // The service's umask is for what is root's alone; a program in a pod may be anybody's.
        foreach (var directory in (string[])[Root, Path.GetDirectoryName(path)!])
        {
            if (Directory.Exists(directory)) continue;
            Directory.CreateDirectory(directory);
            File.SetUnixFileMode(directory, DirectoryMode);
        }
        File.WriteAllLines(path,
            [
                Mark, .. servers.Select(s => $"nameserver {s}"),
                $"search {string.Join(' ', SearchPath.Of(pod.Pod.Pod.Namespace))}", $"options ndots:{SearchPath.Dots}",
            ]);
        File.SetUnixFileMode(path, FileMode);
    }

    /// <summary>Removes ours, and the directory where nothing else is in it.</summary>
    internal static void Remove(string netns)
    {
        var path = PathOf(netns);
        if (!IsOurs(path)) return;
        File.Delete(path);
        var directory = Path.GetDirectoryName(path)!;
        if (!Directory.EnumerateFileSystemEntries(directory).Any()) Directory.Delete(directory);
    }

    /// <summary>Removes ours of the pods of a node.</summary>
    /// <param name="but">Names of namespaces whose files stay.</param>
    public static void RemoveAll(string node, IReadOnlySet<string>? but = null)
    {
        if (!Directory.Exists(Root)) return;
        foreach (var name in Directory.GetDirectories(Root).Select(d => Path.GetFileName(d)))
            if (LiveNode.IsPod(node, name) && but?.Contains(name) != true) Remove(name);
    }

    private static string PathOf(string netns) => $"{Root}/{netns}/{Name}";

    private static bool IsOurs(string path) => File.Exists(path) && File.ResolveLinkTarget(path, false) is null
        && File.ReadLines(path).FirstOrDefault() == Mark;
}
