using Dataplane.Node.Addressing;
using Dataplane.Node.Verification;
using Dataplane.Policy.Tests;

namespace Dataplane.Integration;

public sealed class DebugIt
{
    [Fact]
    public void Pause()
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("SEED") ?? "2");
        var cluster = RandomCluster.Generate(seed, 8);
        using var session = NodeSession.Open(cluster, NodeOptions.Default, RandomCluster.Externals);
        var report = session.Probe(RandomCluster.AllProbes);
        foreach (var g in report.Flows.Where(f => !f.Agrees).GroupBy(f => (f.Flow.Probe.Protocol, f.Flow.Family, f.Measured, f.DropReason, f.Flow.From.GetType().Name, f.Flow.To.GetType().Name)))
            Console.WriteLine($"{g.Key} {g.Count()} e.g. {g.First().Flow.From.Name} -> {g.First().Flow.To.Name} {g.First().Flow.Probe} exp {g.First().Expected}");
        Console.WriteLine(report.ControlFailure + " " + report.Timings);
        File.WriteAllText("/tmp/dbg/ns", session.Node.Netns.Name);
        var until = DateTime.UtcNow.AddSeconds(double.Parse(Environment.GetEnvironmentVariable("PAUSE") ?? "0"));
        while (DateTime.UtcNow < until && !File.Exists("/tmp/dbg/stop")) Thread.Sleep(100);
    }
}
