using Dataplane.Api;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Options;

/// <summary>Names of the pods of a daemon, and of the workloads that they come from.</summary>
internal static class PodNames
{
    /// <summary>What commands about one pod take.</summary>
    public const string Help = "namespace/pod, or namespace/workload: its first pod by name; the namespace may be -n";

    /// <summary>
    /// The pod of that name, or the first by name of the workload of that name, which stderr then says; null where
    /// there is neither.
    /// </summary>
    /// <param name="name"><c>namespace/pod</c> or <c>namespace/workload</c>.</param>
    public static PodEntry? Find(Shell shell, PodsResponse pods, string name)
    {
        if (pods.Pods.FirstOrDefault(p => p.Name == name) is { } found) return found;
        var made = pods.Pods.Where(p => WorkloadOf(p) == name).OrderBy(p => p.Name, StringComparer.Ordinal).ToList();
        if (made.Count == 0) return null;
        TellFirst(shell, name, made[0].Name);
        return made[0];
    }

    /// <summary>Says which pod a workload's name stood for.</summary>
    public static void TellFirst(Shell shell, string name, string pod) =>
        shell.Error.WriteLine($"note: {name} is a workload; this is its first pod, {pod}");

    /// <summary>Every name that <see cref="Find"/> knows.</summary>
    public static IEnumerable<string> Known(PodsResponse pods) =>
        pods.Pods.SelectMany(p => new[] { p.Name, WorkloadOf(p) }).OfType<string>().Distinct();

    public static CommandFailure Unknown(string name, IEnumerable<string> known) =>
        new(
            ExitCodes.No,
            $"no pod {name}{(Suggest.Nearest(name, known) is { } near ? $"; did you mean {near}?" : "")}");

    /// <summary>The network namespace of a pod, by its name.</summary>
    /// <returns>Null for the machine's own namespace.</returns>
    public static string? NamespaceOf(PodsResponse pods, PodEntry entry)
    {
        var name = entry.Name;
        var netns = entry.HostNetwork ? pods.NodeNetns : entry.Netns;
        if (netns is null && entry.Port is not null)
        {
            throw new CommandFailure(
                ExitCodes.Input, $"pod {name} is simulated: it has no network namespace to run in");
        }
        if (netns is null) throw new CommandFailure(ExitCodes.No, $"pod {name} is not attached; see dataplane status");
        return netns.Length == 0 ? null : netns;
    }

    private static string? WorkloadOf(PodEntry pod) =>
        pod.Workload is { } workload
            ? $"{pod.Name[..pod.Name.IndexOf('/', StringComparison.Ordinal)]}/{workload}"
            : null;
}
