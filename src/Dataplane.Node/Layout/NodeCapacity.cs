using System.Globalization;

namespace Dataplane.Node.Layout;

/// <summary>The node has no room for the endpoints; nothing has been made.</summary>
public sealed class NodeCapacityException(string message) : Exception(message);

/// <summary>
/// The limits of a node, checked before anything is made: half way through, the kernel's errors are <c>EXFULL</c> and
/// <c>EMFILE</c>, and without a free descriptor nothing can be undone.
/// </summary>
internal static class NodeCapacity
{
    /// <summary>
    /// Maximum number of pods: BR_MAX_PORTS (net/bridge/br_private.h) is 1024, port 0 does not exist, and one port is
    /// the negative control's.
    /// </summary>
    public const int MaxPods = 1022;

    /// <summary>
    /// Pods that are attached with one request batch: their veth pairs, ports, neighbours and routes fit well into the
    /// send buffer.
    /// </summary>
    public const int AttachBatch = 200;

    /// <summary>
    /// An endpoint keeps its namespace and a packet socket open; while a batch is attached, each of its pods has one
    /// more. The rest is for the runtime and captures.
    /// </summary>
    private const int FilesPerEndpoint = 2, OtherFiles = 150;

    /// <exception cref="NodeCapacityException">Too many.</exception>
    public static void Require(int pods, int externals) => Require(pods, externals, MaxOpenFiles());

    /// <param name="maxFiles">RLIMIT_NOFILE; null: unlimited.</param>
    /// <exception cref="NodeCapacityException">Too many.</exception>
    internal static void Require(int pods, int externals, long? maxFiles)
    {
        if (pods > MaxPods)
        {
            throw new NodeCapacityException($"{pods} pods do not fit on one node: its bridge takes {MaxPods}; "
                + "give fewer manifests at a time (matrix, why and diff have no such limit)");
        }
        var files = FilesFor(pods, externals);
        if (files > maxFiles)
        {
            throw new NodeCapacityException($"{pods + externals} endpoints need {files} open files, "
                + $"and this process may have {maxFiles}: raise the limit (ulimit -n {files})");
        }
    }

    /// <summary>Maximum number of descriptors that this number of endpoints needs.</summary>
    public static int FilesFor(int pods, int externals = 0) =>
        FilesPerEndpoint * (pods + externals) + Math.Min(pods, AttachBatch) + OtherFiles;

    /// <summary>The number of pods for which <paramref name="files"/> descriptors are enough.</summary>
    public static long PodsFor(long files) => Math.Max(0, (files - OtherFiles - AttachBatch) / FilesPerEndpoint);

    /// <summary>
    /// RLIMIT_NOFILE; null: unlimited. The runtime has raised the soft limit to the hard one when it started (proc(5),
    /// /proc/pid/limits).
    /// </summary>
    public static long? MaxOpenFiles()
    {
        const string name = "Max open files";
        var line = File.ReadLines("/proc/self/limits").First(l => l.StartsWith(name, StringComparison.Ordinal));
        var soft = line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return soft == "unlimited" ? null : long.Parse(soft, CultureInfo.InvariantCulture);
    }
}
