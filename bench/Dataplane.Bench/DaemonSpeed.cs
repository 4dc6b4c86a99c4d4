using Dataplane.Node.Live;
using Dataplane.Node.Network;

namespace Dataplane.Bench;

/// <summary>
/// The published daemon: how soon it is ready, what it weighs, and how long a change takes from the request on an open connection to the
/// answer, when the kernel has it and the disk too. First with pods that have networks, then with as many as a cluster has, whose namespaces
/// would only cost memory.
/// </summary>
internal static class DaemonSpeed
{
    private const int Few = 100, Many = 10_000, Policies = 1_000, Namespaces = 1_000, Edits = 300, Churn = 50, Starts = 5;

    /// <summary>A daemon gives back what a change of everything has left behind as soon as nobody waits for it.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public static void Run()
    {
        if (!File.Exists(BenchDaemon.Program))
        {
            Console.Error.WriteLine("out/dataplane is not there: run `make build` first");
            return;
        }
        Start();
        With(Small);
        With(Large);
    }

    private static void Start()
    {
        var (ready, resident) = (new List<double>(), new List<double>());
        for (var start = 0; start < Starts; start++)
            With((directory, name) =>
            {
                using var daemon = new BenchDaemon(directory, name);
                ready.Add(daemon.ReadyAfter.TotalMilliseconds);
                resident.Add(daemon.Resident);
            });
        Figures.Line($"daemon, from its start to READY=1, empty, {Starts} times", string.Join(", ", ready.Select(r => $"{r:0}")) + " ms");
        Figures.Bar("daemon, from its start to READY=1, empty", Figures.Median(ready), 500, "ms");
        Figures.Bar("daemon, resident memory when ready", Figures.Median(resident), 80, "MiB");
    }

    private static void Small(string directory, string name)
    {
        using (var daemon = new BenchDaemon(directory, name))
        {
            daemon.Apply("pods.yaml", TypicalManifests.Of(Few, 0, 5));
            Times($"apply of one policy on a node of {Few} pods, median", 10, Edits, i => daemon.Apply("policy.yaml", TypicalManifests.Policy(1 + 4 * (i % 5), 5, 1000 + i)));
            Figures.Line($"daemon, resident memory with {Few} pods after {Edits} changes", $"{daemon.Resident} MiB");
        }
        using var second = new BenchDaemon(directory, name);
        Figures.Line($"daemon, from its start to READY=1, adopting {Few} pods", $"{second.ReadyAfter.TotalMilliseconds:0} ms");
    }

    private static void Large(string directory, string name)
    {
        var size = $"{Many:N0} pods, {Policies:N0} policies";
        var manifests = TypicalManifests.Of(Many, Policies, Namespaces);
        using (var daemon = new BenchDaemon(directory, name, "--node", "simulated"))
        {
            Figures.Bar($"apply of {size} at once: parse, compile, commit", Figures.Milliseconds(() => daemon.Apply("all.yaml", manifests)), 2_000, "ms");
            Figures.Line($"daemon, resident memory with {size}, the moment it answers", $"{daemon.Resident} MiB");
            Thread.Sleep(Soon);
            Figures.Bar($"daemon, resident memory with them, {Soon.TotalSeconds:0} s later", daemon.Resident, 150, "MiB");
            Times($"apply of one policy among {size}, median", 5, Edits, i => daemon.Apply("policy.yaml", TypicalManifests.Policy(1 + 4 * (i % 10), Namespaces, 1000 + i)));
            Times($"one pod more among {size}, median", 5, Churn, i => daemon.Apply("pod.yaml", TypicalManifests.Pod(Many + i, Namespaces)));
            Times($"one pod less among {size}, median", 5, Churn, i => daemon.Delete("Pod", $"ns{(Many + i) % Namespaces}/p{Many + i}"));
            Figures.Bar($"daemon, resident memory after {Edits + 2 * Churn} changes", daemon.Resident, 150, "MiB");
        }
        using var second = new BenchDaemon(directory, name, "--node", "simulated");
        Figures.Bar($"daemon, from its start to READY=1, adopting {size}", second.ReadyAfter.TotalMilliseconds, 2_000, "ms");
        Thread.Sleep(Soon);
        Figures.Bar($"daemon, resident memory {Soon.TotalSeconds:0} s after adopting them", second.Resident, 150, "MiB");
    }

    private static void Times(string what, double bar, int count, Action<int> change)
    {
        var times = Enumerable.Range(0, count).Select(i => Figures.Milliseconds(() => change(i))).Skip(count / 3).Order().ToList();
        Figures.Bar($"{what} (p99 {times[times.Count * 99 / 100]:0.0} ms)", times[times.Count / 2], bar, "ms");
    }

    private static void With(Action<string, string> measure)
    {
        var directory = Directory.CreateTempSubdirectory("dataplane-bench-").FullName;
        var name = RunName.Next();
        try
        {
            measure(directory, name);
        }
        finally
        {
            LiveNode.Destroy(name);
            Directory.Delete(directory, recursive: true);
        }
    }
}
