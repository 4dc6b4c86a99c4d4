using System.Globalization;

namespace Dataplane.Node.Layout;

/// <summary>
/// The names under /run/netns that a run leaves behind if it is killed: <c>dataplane-PID-START-N</c>, and the same with
/// <c>_NAMESPACE_POD</c> behind it for pods of a live node. Process id and start time (clock ticks since boot, proc(5))
/// together are unique, so the name of a dead run can be recognised.
/// </summary>
internal static class RunName
{
    /// <summary>The directory of the locks of live nodes.</summary>
    public const string LockDirectory = "/run/dataplane";

    public const string LockSuffix = ".lock";

    private const string Prefix = "dataplane-";
    private static int _count;

    public static string Next() =>
        $"{Prefix}{Environment.ProcessId}-{StartTime(Environment.ProcessId)}-{Interlocked.Increment(ref _count)}";

    /// <summary>Whether the name is one of ours, of a run or of one of its pods.</summary>
    public static bool IsRun(string name) => Parse(name) is not null;

    /// <summary>Whether the name is one of ours and its process is gone.</summary>
    public static bool IsDead(string name) => Parse(name) is var (pid, start) && StartTime(pid) != start;

    public static string LockFile(string node) => $"{LockDirectory}/{node}{LockSuffix}";

    /// <summary>PID-START of a name of ours.</summary>
    public static string Process(string name)
    {
        var node = Node(name);
        return node[Prefix.Length..node.LastIndexOf('-')];
    }

    private static (int ProcessId, ulong Start)? Parse(string name)
    {
        if (!name.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var parts = Node(name)[Prefix.Length..].Split('-');
        return parts.Length == 3 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            ? (pid, start)
            : null;
    }

    /// <summary>The run's name, where the name is of one of its pods.</summary>
    private static string Node(string name) => name.IndexOf('_') is var at and >= 0 ? name[..at] : name;

    private static ulong? StartTime(int pid)
    {
        try
        {
            // The second field is the program's name in parentheses and may hold anything; the 22nd is the start time.
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return ulong.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[19], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or IOException)
        {
            return null;
        }
    }
}
