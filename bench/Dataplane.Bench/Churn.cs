using System.Diagnostics;
using Dataplane.Node.Layout;
using Dataplane.Node.Live;
using Dataplane.Policy.Model;

namespace Dataplane.Bench;

/// <summary>
/// A node on which pods come and go all the time: one at a time, and a hundred a second each way for a minute.
/// </summary>
internal static class Churn
{
    private const int Pods = 900, Ones = 100, Rate = 100, BatchesPerSecond = 10, PerBatch = Rate / BatchesPerSecond;
    private static readonly TimeSpan Time = TimeSpan.FromMinutes(1);

    public static void Run()
    {
        var name = RunName.Next();
        try
        {
            using var node = LiveNode.Open(new LiveNodeOptions { Name = name });
            // Whoever comes takes the place, in the list, of who goes; addresses are used again long after they were
            // left.
            var all = TypicalCluster.Of(10 * Pods, Pods);
            var pods = new Queue<PodEndpoint>(all.Pods.Take(Pods));
            var others = new Queue<PodEndpoint>(all.Pods.Skip(Pods));
            var cluster = all with { Pods = [.. pods] };
            var first = Figures.Milliseconds(() => node.Apply(cluster));
            Figures.Line($"live node: first state, {Pods} pods in namespaces of their own",
                $"{first:N0} ms, {first / Pods:N2} ms a pod");

            var podattach = Yardsticks.Run("podattach", "200");
            var ones = Enumerable.Range(0, Ones).Select(_ => Step(1)).ToList();
            Figures.Line($"live node of {Pods} pods: one pod more and one less",
                $"p50 {At(ones, 50):N1} ms, p99 {At(ones, 99):N1} ms", "podattach (C), one of 200: "
                    + $"{podattach["attach_ms"]:N2} ms, detached together {podattach["detach_ms"]:N2} ms");

            List<double> batches = [];
            var started = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(started) < Time)
            {
                batches.Add(Step(PerBatch));
                var early = TimeSpan.FromSeconds((double)batches.Count / BatchesPerSecond)
                    - Stopwatch.GetElapsedTime(started);
                if (early > TimeSpan.Zero) Thread.Sleep(early);
            }
            var rate = batches.Count * PerBatch / Stopwatch.GetElapsedTime(started).TotalSeconds;
            Figures.Line(
                $"pods added, and as many removed, for {Time.TotalSeconds:0} s; {Rate} a second were asked for",
                $"{rate:N1} a second");
            Figures.Line($"live node of {Pods} pods: {PerBatch} more and {PerBatch} less",
                $"p50 {At(batches, 50):N1} ms, p99 {At(batches, 99):N1} ms, worst {batches.Max():N0} ms");
            Figures.Line("live node, resident memory after that", $"{Environment.WorkingSet >> 20} MiB");

            double Step(int count)
            {
                for (var i = 0; i < count; i++)
                {
                    others.Enqueue(pods.Dequeue());
                    pods.Enqueue(others.Dequeue());
                }
                var next = cluster with { Pods = [.. pods] };
                var begun = Stopwatch.GetTimestamp();
                if (node.Apply(next).Unfinished is { } left) throw new InvalidOperationException(left);
                return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            }
        }
        finally
        {
            LiveNode.Destroy(name);
        }
    }

    private static double At(List<double> values, int percent) =>
        values.Order().ElementAt(Math.Min(values.Count - 1, values.Count * percent / 100));
}
