using System.Globalization;

namespace Dataplane.Node.Network;

/// <summary>This machine cannot carry so much on one node; nothing has been made.</summary>
public sealed class NodeCapacityException(string message) : Exception(message);

/// <summary>
/// What a node has room for, asked before anything is made: half way through, the kernel's answers are <c>EXFULL</c> and
/// <c>EMFILE</c>, and without a free descriptor even the way back is closed.
/// </summary>
internal static class NodeCapacity
{
    /// <summary>BR_MAX_PORTS (net/bridge/br_private.h) is 1024, port 0 is none, and one is the stranger's.</summary>
    public const int MaxPods = 1022;

    /// <summary>An endpoint keeps its namespace and a packet socket open; a batch that attaches one more each; the rest is the runtime and the captures.</summary>
    private const int FilesPerEndpoint = 2, OtherFiles = 150;

    /// <exception cref="NodeCapacityException">Too many.</exception>
    public static void Require(int pods, int externals) => Require(pods, externals, MaxOpenFiles());

    /// <param name="maxFiles">RLIMIT_NOFILE; null: unlimited.</param>
    /// <exception cref="NodeCapacityException">Too many.</exception>
    internal static void Require(int pods, int externals, long? maxFiles)
    {
        if (pods > MaxPods)
            throw new NodeCapacityException($"{pods} pods do not fit on one node: its bridge takes {MaxPods}; give fewer manifests at a time (matrix, why and diff have no such limit)");
        var files = FilesFor(pods, externals);
        if (files > maxFiles)
            throw new NodeCapacityException($"{pods + externals} endpoints need {files} open files, and this process may have {maxFiles}: raise the limit (ulimit -n {files})");
    }

    /// <summary>Descriptors that so many endpoints take, at the most.</summary>
    public static int FilesFor(int pods, int externals = 0) => FilesPerEndpoint * (pods + externals) + Math.Min(pods, PodAttacher.BatchSize) + OtherFiles;

    /// <summary>Pods that so many descriptors are enough for.</summary>
    public static long PodsFor(long files) => Math.Max(0, (files - OtherFiles - PodAttacher.BatchSize) / FilesPerEndpoint);

    /// <summary>RLIMIT_NOFILE; null: unlimited. The runtime has raised the soft limit to the hard one when it started (proc(5), /proc/pid/limits).</summary>
    public static long? MaxOpenFiles()
    {
        const string name = "Max open files";
        var line = File.ReadLines("/proc/self/limits").First(l => l.StartsWith(name, StringComparison.Ordinal));
        var soft = line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return soft == "unlimited" ? null : long.Parse(soft, CultureInfo.InvariantCulture);
    }
}
