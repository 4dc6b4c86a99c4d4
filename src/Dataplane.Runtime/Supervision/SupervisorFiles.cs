namespace Dataplane.Runtime.Supervision;

/// <summary>Where the files of a supervisor are, below its directory.</summary>
/// <param name="Directory">Root's alone.</param>
public sealed record SupervisorFiles(string Directory)
{
    /// <summary>Locked by the supervisor as long as it lives.</summary>
    public string Lock => $"{Directory}/lock";

    /// <summary>What the supervisor itself has to say.</summary>
    public string Notices => $"{Directory}/supervisor.log";

    /// <summary>In which life of the machine the rest was written.</summary>
    internal string Boot => $"{Directory}/boot";

    /// <summary>What the runtime of the supervisor says where it cannot go on.</summary>
    internal string Faults => $"{Directory}/faults";

    /// <summary>A folder for each namespace, and in it one for each pod.</summary>
    public string Pods => $"{Directory}/pods";

    /// <summary>The log of a container's run, for <see cref="Logs.LogReader"/>; removed with the pod.</summary>
    /// <param name="previous">Of the run before the present one.</param>
    public string LogOf(string ns, string pod, string container, bool previous = false) =>
        $"{ContainerOf(ns, pod, container)}/{(previous ? "previous" : "log")}";

    internal string PodOf(string ns, string pod) => $"{Pods}/{ns}/{pod}";

    internal string ContainersOf(string ns, string pod) => $"{PodOf(ns, pod)}/c";

    internal string ContainerOf(string ns, string pod, string container) => $"{ContainersOf(ns, pod)}/{container}";
}
