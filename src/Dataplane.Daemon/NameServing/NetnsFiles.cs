using Dataplane.Node.Live;

namespace Dataplane.Daemon.NameServing;

/// <summary>
/// The files of <c>/etc/netns/NAME</c> that are made for pods, and that <c>ip netns exec</c> and <c>dataplane exec</c>
/// lay over those of /etc. A file that is there and has not our mark is somebody else's, and stays.
/// </summary>
public static class NetnsFiles
{
    /// <summary>Names of the files.</summary>
    internal const string Resolver = "resolv.conf", Hosts = "hosts", HostName = "hostname";

    /// <summary>The first line, or the second of a file whose first is read by programs.</summary>
    internal const string Mark = "# made by dataplane";

    private const string Root = "/etc/netns";

    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        | UnixFileMode.OtherRead;

    private const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute
        | UnixFileMode.OtherExecute;

    private static readonly string[] Names = [Resolver, Hosts, HostName];

    /// <summary>What this machine itself has.</summary>
    internal static IEnumerable<string> OfMachine(string name) =>
        File.Exists($"/etc/{name}") ? File.ReadLines($"/etc/{name}") : [];

    /// <param name="netns">The name of a namespace.</param>
    /// <param name="files">By their names; those that are not there are removed.</param>
    internal static void Write(string netns, IReadOnlyDictionary<string, string> files)
    {
        // The service's umask is for what is root's alone; a program in a pod may be anybody's.
        var isNew = !Directory.Exists($"{Root}/{netns}");
        foreach (var directory in isNew ? (string[])[Root, $"{Root}/{netns}"] : [])
        {
            if (Directory.Exists(directory)) continue;
            Directory.CreateDirectory(directory);
            File.SetUnixFileMode(directory, DirectoryMode);
        }
        foreach (var name in Names)
        {
            var path = $"{Root}/{netns}/{name}";
            if (!files.TryGetValue(name, out var text)) Remove(path);
            else if (isNew || !Path.Exists(path) || (IsOurs(path) && File.ReadAllText(path) != text)) Put(path, text);
        }
    }

    /// <summary>Removes ours, and the directory where nothing else is in it.</summary>
    internal static void RemoveOf(string netns)
    {
        var directory = $"{Root}/{netns}";
        if (!Directory.Exists(directory)) return;
        foreach (var name in Names) Remove($"{directory}/{name}");
        if (!Directory.EnumerateFileSystemEntries(directory).Any()) Directory.Delete(directory);
    }

    /// <summary>Removes ours of the pods of a node.</summary>
    /// <param name="but">Names of namespaces whose files stay.</param>
    public static void RemoveAll(string node, IReadOnlySet<string>? but = null)
    {
        if (!Directory.Exists(Root)) return;
        foreach (var name in Directory.GetDirectories(Root).Select(d => Path.GetFileName(d)))
            if (LiveNode.IsPod(node, name) && but?.Contains(name) != true) RemoveOf(name);
    }

    private static void Put(string path, string text)
    {
        using var file = new FileStream(path, System.IO.FileMode.Create, FileAccess.Write);
        File.SetUnixFileMode(file.SafeFileHandle, FileMode);
        file.Write(System.Text.Encoding.UTF8.GetBytes(text));
    }

    private static void Remove(string path)
    {
        if (IsOurs(path)) File.Delete(path);
    }

    private static bool IsOurs(string path) => File.Exists(path) && File.ResolveLinkTarget(path, false) is null
        && File.ReadLines(path).Take(2).Contains(Mark);
}
