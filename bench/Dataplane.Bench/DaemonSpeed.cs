using Dataplane.Node.Layout;
using Dataplane.Node.Live;

namespace Dataplane.Bench;

/// <summary>
/// The published daemon: how soon it is ready, beside an empty ASP.NET host; how soon it has a whole cluster again,
/// beside a program that only parses the cluster's manifests; and what it weighs. Many pods are simulated ones: their
/// namespaces would only cost memory.
/// </summary>
internal static class DaemonSpeed
{
    private const int Few = 100, Many = 10_000, Policies = 1_000, Namespaces = 1_000, EmptyStarts = 9, LargeStarts = 5;

    private static readonly string Size = $"{Many:N0} pods, {Policies:N0} policies";

    /// <summary>A daemon gives back what a change of everything has left behind as soon as no request waits.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public static void Run()
    {
        if (!File.Exists(BenchDaemon.Program))
        {
            Console.Error.WriteLine("out/dataplane is not there: run `make build` first");
            return;
        }
        Empty();
        With(Adopting);
        With(Large);
        Editing.Run();
    }

    private static void Empty()
    {
        var (ready, host, bare, resident) =
            (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        // The first start of each reads its files from the disk.
        for (var start = -1; start < EmptyStarts; start++)
        {
            With((directory, name) =>
            {
                // One after the other, so that none takes the processor from the next.
                var (emptyReady, bareReady) =
                    (Ready(ManagedYardsticks.StartHost(directory)), Ready(ManagedYardsticks.StartBareHost(directory)));
                using var daemon = new BenchDaemon(directory, name);
                if (start < 0) return;
                host.Add(emptyReady);
                bare.Add(bareReady);
                ready.Add(daemon.ReadyAfter.TotalMilliseconds);
                resident.Add(daemon.Resident);
            });
        }
        Figures.Bar("daemon, from its start to READY=1, empty", ready, "an empty ASP.NET host", host, 1.5, "ms");
        Figures.Line("daemon, from its start to READY=1, empty", $"{Figures.Median(ready):0} ms",
            $"Kestrel and a router alone: {Figures.Median(bare):0} ms, {Figures.Spread(Figures.Ratios(ready, bare))}");
        Figures.Bar("daemon, resident memory when ready", Figures.Median(resident), 80, "MiB");

        static double Ready(NotifyingProcess process)
        {
            using (process) return process.ReadyAfter.TotalMilliseconds;
        }
    }

    private static void Adopting(string directory, string name)
    {
        using (var daemon = new BenchDaemon(directory, name)) daemon.Apply("pods.yaml", TypicalManifests.Of(Few, 0, 5));
        using var second = new BenchDaemon(directory, name);
        Figures.Line($"daemon, from its start to READY=1, adopting {Few} pods with namespaces",
            $"{second.ReadyAfter.TotalMilliseconds:0} ms");
    }

    private static void Large(string directory, string name)
    {
        var manifests = TypicalManifests.Of(Many, Policies, Namespaces);
        var file = Path.Combine(directory, "all.yaml");
        File.WriteAllText(file, manifests);
        using (var daemon = Start())
        {
            Figures.Line($"apply of {Size} at once: parse, compile, commit",
                $"{Figures.Milliseconds(() => daemon.Apply("all.yaml", manifests)):N0} ms");
            Figures.Line($"daemon, resident memory with {Size}, the moment it answers", $"{daemon.Resident} MiB");
            Weigh(daemon, "after that");
        }
        var (cold, adopting, parsing) = (new List<double>(), new List<double>(), new List<double>());
        for (var start = 0; start < LargeStarts; start++)
        {
            parsing.Add(ManagedYardsticks.ParseMilliseconds(file));
            // What a reboot leaves is the state directory.
            LiveNode.Destroy(name);
            using (var first = Start()) cold.Add(first.ReadyAfter.TotalMilliseconds);
            using var second = Start();
            adopting.Add(second.ReadyAfter.TotalMilliseconds);
            if (start == LargeStarts - 1) Weigh(second, "after adopting them");
        }
        const string yardstick = "a program that parses them";
        Figures.Bar($"daemon, from its start to READY=1, cold, {Size}", cold, yardstick, parsing, 2.5, "ms");
        Figures.Bar($"daemon, from its start to READY=1, adopting {Size}", adopting, yardstick, parsing, 2.5, "ms");

        BenchDaemon Start() => new(directory, name, "--node", "simulated");
    }

    private static void Weigh(BenchDaemon daemon, string when)
    {
        Thread.Sleep(Soon);
        Figures.Bar($"daemon, resident memory with {Size}, {Soon.TotalSeconds:0} s {when}", daemon.Resident, 160,
            "MiB");
    }

    /// <summary>A directory and a node's name, which are removed with the node.</summary>
    internal static void With(Action<string, string> measure)
    {
        using var directory = new TempDirectory();
        var name = RunName.Next();
        try
        {
            measure(directory.Path, name);
        }
        finally
        {
            LiveNode.Destroy(name);
        }
    }
}
