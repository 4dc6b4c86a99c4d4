using Dataplane.Api;

namespace Dataplane.Bench;

/// <summary>
/// The daemon with 10,000 Services: how long an endpoint that goes or comes takes from the request to the answer, at
/// two daemons that differ in their size, in turns; what Services weigh; and how long the answers about them take.
/// </summary>
internal static class ServiceDaemon
{
    private const int Pods = 10_000, Policies = 1_000, Namespaces = 1_000, Services = 10_000, SmallPods = 100,
        SmallPolicies = 10, SmallNamespaces = 10, SmallServices = 100;

    /// <summary>Of which the first third is not counted.</summary>
    private const int Edits = 150;

    private const int Answers = 5;

    private static readonly string Size = $"{Pods:N0} pods, {Policies:N0} policies, {Services:N0} Services";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public static void Run()
    {
        if (!File.Exists(BenchDaemon.Program))
        {
            Console.Error.WriteLine("out/dataplane is not there: run `make build` first");
            return;
        }
        DaemonSpeed.With(Weigh);
        DaemonSpeed.With((directory, name) => DaemonSpeed.With((smallDirectory, smallName) =>
        {
            using var large = Start(directory, name);
            using var small = Start(smallDirectory, smallName);
            large.Apply("all.yaml", ServiceManifests.Pods(Pods, Policies, Namespaces));
            large.Apply("services.yaml", ServiceManifests.Services(Services, Namespaces));
            small.Apply("all.yaml", ServiceManifests.Pods(SmallPods, SmallPolicies, SmallNamespaces));
            small.Apply("services.yaml", ServiceManifests.Services(SmallServices, SmallNamespaces));
            Edit("one endpoint of three Services less", isReady: false, large, small);
            Edit("one endpoint of three Services more", isReady: true, large, small);
            foreach (var (what, path) in ((string, string)[])[
                ("get endpoints", $"{ApiPaths.Objects}?kind=Endpoints"),
                ("get endpointslices", $"{ApiPaths.Objects}?kind=EndpointSlice"),
                ("get services", $"{ApiPaths.Objects}?kind=Service"), ("status", ApiPaths.Status)])
            {
                Figures.Line($"{what} with {Size}, the daemon's answer",
                    $"{Figures.Median([.. Enumerable.Range(0, Answers).Select(_ =>
                        Figures.Milliseconds(() => large.Text(path)))]):N0} ms");
            }
        }));
    }

    private static void Weigh(string directory, string name)
    {
        using var daemon = Start(directory, name);
        daemon.Apply("all.yaml", ServiceManifests.Pods(Pods, Policies, Namespaces));
        Thread.Sleep(Soon);
        var before = daemon.Resident;
        var took = Figures.Milliseconds(() =>
            daemon.Apply("services.yaml", ServiceManifests.Services(Services, Namespaces)));
        Figures.Line($"apply of {Services:N0} Services x 3 to {Pods:N0} pods", $"{took:N0} ms");
        Figures.Line($"daemon, resident memory with {Size}, the moment it answers", $"{daemon.Resident} MiB");
        Thread.Sleep(Soon);
        var after = daemon.Resident;
        Figures.Line($"daemon, resident memory with {Size}, {Soon.TotalSeconds:0} s after that", $"{after} MiB",
            $"without Services: {before} MiB");
        Figures.Bar($"daemon, resident memory for {Services:N0} Services x 3", after - before, 60, "MiB");
    }

    private static void Edit(string what, bool isReady, BenchDaemon large, BenchDaemon small)
    {
        var (ours, beside) = (new List<double>(), new List<double>());
        for (var i = 0; i < Edits; i++)
        {
            var one = Figures.Milliseconds(() => large.Apply("pod.yaml",
                ServiceManifests.Pod(i * 7 % Pods, Pods, Namespaces, isReady)));
            var other = Figures.Milliseconds(() => small.Apply("pod.yaml",
                ServiceManifests.Pod(i * 7 % SmallPods, SmallPods, SmallNamespaces, isReady)));
            if (i < Edits / 3) continue;
            ours.Add(one);
            beside.Add(other);
        }
        Figures.Bar($"{what}, whole, {Size}", ours, $"at {SmallPods} pods, {SmallServices} Services", beside, 2, "ms");
    }

    private static BenchDaemon Start(string directory, string name) => new(directory, name, "--node", "simulated");
}
