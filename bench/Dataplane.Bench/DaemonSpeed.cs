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
    private const int Few = 100, Many = 10_000, Policies = 1_000, Namespaces = 1_000, Edits = 300, Churn = 50;

    /// <summary>A daemon gives back what a change of everything has left behind as soon as nobody waits for it.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public static void Run()
    {
        if (!File.Exists(BenchDaemon.Program))
        {
            Console.Error.WriteLine("out/dataplane is not there: run `make build` first");
            return;
        }
        With(Small);
        With(Large);
    }

    private static void Small(string directory, string name)
    {
        using (var daemon = new BenchDaemon(directory, name))
        {
            Figures.Line("daemon, from its start to READY=1, empty (bar 500 ms)", $"{daemon.ReadyAfter.TotalMilliseconds:0} ms");
            Figures.Line("daemon, resident memory when ready (bar 80 MiB)", $"{daemon.Resident} MiB");
            daemon.Apply("pods.yaml", TypicalManifests.Of(Few, 0, 5));
            Times($"apply of one policy on a node of {Few} pods, median (bar 10 ms)", Edits, i => daemon.Apply("policy.yaml", TypicalManifests.Policy(1 + 4 * (i % 5), 5, 1000 + i)));
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
            Figures.Line($"apply of {size} at once (bar 2 s)", $"{Figures.Milliseconds(() => daemon.Apply("all.yaml", manifests)):N0} ms");
            Figures.Line($"daemon, resident memory with {size}, the moment it answers", $"{daemon.Resident} MiB");
            Thread.Sleep(Soon);
            Figures.Line($"the same, {Soon.TotalSeconds:0} s later (bar 150 MiB)", $"{daemon.Resident} MiB");
            Times($"apply of one policy among {size}, median (bar 5 ms)", Edits, i => daemon.Apply("policy.yaml", TypicalManifests.Policy(1 + 4 * (i % 10), Namespaces, 1000 + i)));
            Times($"one pod more among {size}, median (bar 5 ms)", Churn, i => daemon.Apply("pod.yaml", TypicalManifests.Pod(Many + i, Namespaces)));
            Times($"one pod less among {size}, median (bar 5 ms)", Churn, i => daemon.Delete("Pod", $"ns{(Many + i) % Namespaces}/p{Many + i}"));
            Figures.Line($"daemon, resident memory after {Edits + 2 * Churn} changes (bar 150 MiB)", $"{daemon.Resident} MiB");
        }
        using var second = new BenchDaemon(directory, name, "--node", "simulated");
        Figures.Line($"daemon, from its start to READY=1, adopting {size} (bar 2 s)", $"{second.ReadyAfter.TotalMilliseconds:N0} ms");
        Thread.Sleep(Soon);
        Figures.Line($"daemon, resident memory {Soon.TotalSeconds:0} s after adopting them (bar 150 MiB)", $"{second.Resident} MiB");
    }

    private static void Times(string what, int count, Action<int> change)
    {
        var times = Enumerable.Range(0, count).Select(i => Figures.Milliseconds(() => change(i))).Skip(count / 3).Order().ToList();
        Figures.Line(what, $"{times[times.Count / 2]:0.00} ms, p99 {times[times.Count * 99 / 100]:0.0} ms");
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
