using System.Diagnostics;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nftables;
using Dataplane.Policy.Compilation;
using Dataplane.Rules.Nftables;
using Dataplane.Rules.Tests;

namespace Dataplane.Bench;

/// <summary>The ruleset of 10,000 pods into a fresh namespace: rendered and sent by us, and the same as text by Debian's nft.</summary>
internal static class Loading
{
    private const int Runs = 5;

    public static void Run()
    {
        var classes = Compiler.Compile(TypicalCluster.Of(10_000, 1_000));
        var ports = ElementCount.Ports(classes);
        var ruleset = NodeRuleset.Build(NodeShape.Default, classes, ports, 1);
        var tables = new NodeTables(NodeShape.Default);
        var whole = RulesetChange.Whole(classes, ports, 1);
        var goes = new RulesetChange([new AddressChange(ports[0], null)], [new AddressChange(ports[1], null)], RulesetChange.Nothing, RulesetChange.Nothing, 1, 2);

        var text = Path.GetTempFileName();
        File.WriteAllText(text, NftTextRenderer.Render(ruleset.Tables));
        var (render, load, update, nft) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var run = 0; run <= Runs; run++)
        {
            using (var netns = new ScratchNetns())
            {
                using var socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter, netns.Netns);
                var batch = new NftBatch(socket);
                var written = Stopwatch.GetTimestamp();
                var fills = tables.Create(ref batch, whole, NftTableFlags.None);
                var sent = Stopwatch.GetTimestamp();
                batch.Commit(socket, "load the ruleset");
                render.Add(Stopwatch.GetElapsedTime(written, sent).TotalMilliseconds);
                load.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                batch.Dispose();
                update.Add(Figures.Milliseconds(() => Update(socket, tables, fills, goes)));
            }
            using (var netns = new ScratchNetns())
                nft.Add(Figures.Milliseconds(() => netns.Run("nft", "-f", text)));
        }
        File.Delete(text);

        var size = $"{ElementCount.Of(ruleset):N0} elements";
        Figures.Line($"load 10,000 pods: messages written ({size})", $"{Figures.Median(render):N1} ms");
        Figures.Bar("load 10,000 pods", [.. render.Zip(load, (r, l) => r + l)], "nft -f", nft, 0.12, "ms");
        Figures.Line("one pod of 10,000 removed: written, sent, committed", $"{Figures.Median(update):N3} ms");
    }

    private static void Update(NetlinkSocket socket, NodeTables tables, SetFill[] fills, RulesetChange change)
    {
        var batch = new NftBatch(socket);
        tables.Update(ref batch, change, fills);
        batch.Commit(socket, "update the ruleset");
        batch.Dispose();
    }
}

/// <summary>A network namespace with a name, for programs to be run in.</summary>
internal sealed class ScratchNetns : IDisposable
{
    public Netns Netns { get; } = Netns.Create($"dataplane-bench-{Environment.ProcessId}-{Guid.NewGuid().ToString("n")[..8]}");

    public void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", ["netns", "exec", Netns.Name!, program, .. arguments]))!;
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
    }

    public void Dispose()
    {
        Netns.Dispose();
        Netns.Delete(Netns.Name!);
    }
}
