using Dataplane.Policy.Compilation;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;
using Dataplane.Testing.Shapes;

namespace Dataplane.Bench;

/// <summary>How many elements the worst shapes take.</summary>
internal static class Shapes
{
    public static void Run()
    {
        foreach (var shape in WorstShape.All)
        {
            var cluster = shape.Of(shape.DefaultSize);
            var (pods, written, elements) = (cluster.Pods.Count, WorstShape.Written(cluster), ElementCount.Of(cluster));
            Figures.Line($"elements: {shape.Name}", $"{elements:N0}",
                $"{pods:N0} pods + {written:N0} policy lines; {(double)elements / (pods + written):N2} for each");
        }
    }
}

/// <summary>From a cluster in memory to its class table.</summary>
internal static class Compilation
{
    public static void Run()
    {
        foreach (var pods in (int[])[1_000, 10_000])
        {
            var cluster = TypicalCluster.Of(pods, 1_000);
            Figures.Line($"compile {pods:N0} pods x 1,000 policies",
                Figures.FirstAndMedian(5, () => Figures.Milliseconds(() => Compiler.Compile(cluster))));
        }
        var worst = WorstShape.All[^1].Of(1_000);
        Figures.Line("compile the last of the worst shapes",
            Figures.FirstAndMedian(3, () => Figures.Milliseconds(() => Compiler.Compile(worst))));
    }
}

/// <summary>What the policies say of every pair.</summary>
internal static class Matrix
{
    public static void Run()
    {
        var cluster = TypicalCluster.Of(1_000, 1_000);
        Figures.Line("matrix 1,000 pods x 1,000 policies x 1 probe, two families",
            Figures.FirstAndMedian(3, () => Figures.Milliseconds(() =>
            {
                var evaluator = new CompiledEvaluator(cluster, Compiler.Compile(cluster));
                ReachabilityMatrix.Compute(cluster, [new Probe(FlowProtocol.Tcp, 80)], [], evaluator.IsAllowed);
            })));
    }
}
