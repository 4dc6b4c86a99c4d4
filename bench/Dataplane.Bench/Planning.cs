using System.Diagnostics;
using Dataplane.Control.Reconcile;
using Dataplane.Control.State;
using Dataplane.Control.Store;
using Dataplane.Kubernetes.Loading;
using Dataplane.Planning;
using Dataplane.Policy.Model;

namespace Dataplane.Bench;

/// <summary>
/// What a change costs the daemon around the kernel and the compiler: reading, planning, storing; and what a start
/// does.
/// </summary>
internal static class Planning
{
    private const int Pods = 10_000, Policies = 1_000, Namespaces = 1_000, Edits = 400;

    public static void Run()
    {
        using var directory = new TempDirectory();
        Run(directory.Path);
    }

    private static void Run(string directory)
    {
        var size = $"{Pods:N0} pods";
        var text = TypicalManifests.Of(Pods, Policies, Namespaces);
        var empty = Plan.Of(DesiredState.Empty, NodeOptions.Default);
        var whole = empty;
        LoadResult loaded = null!;
        Figures.Line($"read {size}, {Policies:N0} policies, {Namespaces:N0} namespaces", Figures.FirstAndMedian(5,
            () => Figures.Milliseconds(() => loaded = ManifestLoader.LoadText("all.yaml", text))));
        if (loaded.HasErrors) throw new InvalidOperationException(loaded.Diagnostics[0].Message);
        Figures.Line($"plan {size} at once", Figures.FirstAndMedian(5, () => Figures.Milliseconds(() => whole =
            empty.After(StateChange.Apply(empty.State, loaded.Documents, prune: false), NodeOptions.Default))));
        Figures.Line($"plan {size}, looking at everything",
            Figures.FirstAndMedian(5, () => Figures.Milliseconds(() => Plan.Of(whole.State, NodeOptions.Default))));
        var store = StateStore.Open(directory, TimeProvider.System);
        Figures.Line($"store {size} at once",
            $"{Figures.Milliseconds(() => Store(store, empty, whole, [.. whole.State.Objects.Keys])):N0} ms");
        Figures.Line($"write a snapshot of {size}",
            $"{Figures.Milliseconds(() => store.WriteSnapshot(whole.State)):N0} ms");
        Figures.Line($"open the store with {size}", Figures.FirstAndMedian(3,
            () => Figures.Milliseconds(() => StateStore.Open(directory, TimeProvider.System))));
        Change("one policy edited", store, whole,
            i => ("policy.yaml", TypicalManifests.Policy(1 + 4 * (i % 10), Namespaces, 1000 + i)));
        Change("one pod relabelled", store, whole, i => ("pod.yaml", TypicalManifests.Pod(5_000, Namespaces)
            .Replace("app: \"", $"app: \"v{i}-", StringComparison.Ordinal)));
        Change("one pod added", store, whole, i => ("pod.yaml", TypicalManifests.Pod(Pods + i, Namespaces)));
    }

    private static void Change(string what, StateStore store, Plan plan, Func<int, (string File, string Text)> edit)
    {
        var parts = new List<double>[3];
        for (var i = 0; i < parts.Length; i++) parts[i] = [];
        var allocated = 0L;
        for (var i = 0; i < Edits; i++)
        {
            if (i == Edits / 2) allocated = GC.GetAllocatedBytesForCurrentThread();
            var at = Stopwatch.GetTimestamp();
            var (file, text) = edit(i);
            var loaded = ManifestLoader.LoadText(file, text);
            Part(0);
            var change = StateChange.Apply(plan.State, loaded.Documents, prune: false);
            var next = plan.After(change, NodeOptions.Default);
            Part(1);
            Store(store, plan, next, change.Touched);
            Part(2);
            plan = next;

            void Part(int part)
            {
                parts[part].Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
                at = Stopwatch.GetTimestamp();
            }
        }
        allocated = (GC.GetAllocatedBytesForCurrentThread() - allocated) / (Edits / 2);
        var medians = parts.Select(p => Figures.Median(p[(Edits / 2)..])).ToList();
        Figures.Line($"{what} of {Pods:N0}: read, plan, store",
            string.Join(" + ", medians.Select(m => $"{m:0.000}")) + " ms", $"{allocated >> 10} KiB allocated");
    }

    private static void Store(StateStore store, Plan before, Plan after, IReadOnlyCollection<ObjectKey> touched) =>
        store.Write(before.State, after.State,
            new Touched(touched,
                [.. ListDelta.Between(before.Cluster.Pods, after.Cluster.Pods).Added.Select(p => p.Name)]));
}
