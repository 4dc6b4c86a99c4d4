namespace Dataplane.Bench;

/// <summary>
/// How long one change takes from the request on an open connection to the answer, when the kernel has it and the disk
/// too: at two daemons that differ in their size, in turns.
/// </summary>
internal static class Editing
{
    private const int Pods = 10_000, Policies = 1_000, Namespaces = 1_000, SmallPods = 100, SmallPolicies = 10,
        SmallNamespaces = 10;

    /// <summary>
    /// Of which the first third is not counted: a daemon that has just been loaded compiles much of itself again.
    /// </summary>
    private const int Edits = 300, Churn = 150;

    private static readonly string Size = $"{Pods:N0} pods, {Policies:N0} policies",
        SmallSize = $"at {SmallPods} pods, {SmallPolicies} policies";

    public static void Run() => DaemonSpeed.With((directory, name) => DaemonSpeed.With((smallDirectory, smallName) =>
    {
        using var large = new BenchDaemon(directory, name, "--node", "simulated");
        using var small = new BenchDaemon(smallDirectory, smallName, "--node", "simulated");
        large.Apply("all.yaml", TypicalManifests.Of(Pods, Policies, Namespaces));
        small.Apply("all.yaml", TypicalManifests.Of(SmallPods, SmallPolicies, SmallNamespaces));
        Compare("one policy edited", Edits,
            i => large.Apply("policy.yaml", TypicalManifests.Policy(1 + 4 * (i % 10), Namespaces, 1000 + i)),
            i => small.Apply("policy.yaml", TypicalManifests.Policy(1 + 4 * (i % 2), SmallNamespaces, 1000 + i)));
        Compare("one pod more", Churn,
            i => large.Apply("pod.yaml", TypicalManifests.Pod(Pods + i, Namespaces)),
            i => small.Apply("pod.yaml", TypicalManifests.Pod(SmallPods + i, SmallNamespaces)));
        Compare("one pod less", Churn,
            i => large.Delete("Pod", TypicalManifests.PodName(Pods + i, Namespaces)),
            i => small.Delete("Pod", TypicalManifests.PodName(SmallPods + i, SmallNamespaces)));
        Figures.Bar($"daemon, resident memory with {Size}, after {Edits + 2 * Churn} changes", large.Resident, 160,
            "MiB");
    }));

    private static void Compare(string what, int count, Action<int> large, Action<int> small)
    {
        var (ours, beside) = (new List<double>(), new List<double>());
        for (var i = 0; i < count; i++)
        {
            var (one, other) = (Figures.Milliseconds(() => large(i)), Figures.Milliseconds(() => small(i)));
            if (i < count / 3) continue;
            ours.Add(one);
            beside.Add(other);
        }
        Figures.Bar($"{what}, whole, {Size}", ours, SmallSize, beside, 2, "ms");
        Figures.Line($"{what}, whole, {Size}",
            $"p50 {Figures.Median(ours):N1} ms, p99 {ours.Order().ElementAt(ours.Count * 99 / 100):N1} ms");
    }
}
