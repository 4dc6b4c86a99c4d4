using System.Globalization;
using Dataplane.Control.Metering;
using Dataplane.Control.Reconcile;
using Dataplane.Control.State;
using Dataplane.Daemon.Host;
using Dataplane.Integration.Promises;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Text;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Nftables;
using Dataplane.Node.Layout;
using Dataplane.Node.Live;
using Dataplane.Rules.Nftables.Parts;
using Dataplane.Rules.Nftables.Render;

namespace Dataplane.Integration.Daemon;

/// <summary>
/// What is not in the kernel as it is compiled, and no notice has told of. The owner's own socket is used for that: the
/// kernel refuses others, and what the owner does is not news to it.
/// </summary>
public sealed class SelfCheckTests
{
    [Fact]
    public async Task An_idle_daemon_finds_it() => await Finds(_ => { });

    /// <summary>Before anything in its queue is done there is something else in it.</summary>
    [Fact]
    public async Task A_daemon_that_is_never_idle_finds_it() => await Finds(KeepBusy);

    private static void KeepBusy(Reconciler reconciler) => reconciler.OnNode(_ =>
    {
        if (reconciler.Current.RepairsTotal == 0) KeepBusy(reconciler);
        Thread.Yield();
        return true;
    });

    private static async Task Finds(Action<Reconciler> meanwhile)
    {
        var (name, said) = (RunName.Next(), new StringWriter(CultureInfo.InvariantCulture));
        using var state = new TempDirectory();
        try
        {
            using var logger = new LineLogger(TextWriter.Synchronized(said), TimeProvider.System);
            using var meters = new DataplaneMeters();
            using var reconciler =
                new Reconciler(new LiveNodeOptions { Name = name }, state.Path, meters, logger.CreateLogger("test"));
            await reconciler.StartAsync();
            await reconciler.ChangeAsync(new ChangeRequest(s => StateChange.Apply(s,
                ManifestLoader.LoadTexts([new SourceText("given.yaml", Steady.All)]).Documents, prune: false)));
            Assert.Equal(0, reconciler.Current.RepairsTotal);

            var before = await reconciler.OnNode(EmptyAll);
            Assert.Contains(before, e => e.StartsWith("ingress_port ", StringComparison.Ordinal));
            meanwhile(reconciler);
            await RunningDaemon.Until(() => Task.FromResult(reconciler.Current.RepairsTotal > 0), "found and repaired");

            var repair = Assert.Single(reconciler.Current.Repairs);
            Assert.Matches("^ruleset set [a-z0-9_]+ of table inet dataplane: 0 elements instead of [1-9][0-9]*$",
                $"{repair.Repair.What} {repair.Repair.Found}");
            Assert.Contains($"repaired: ruleset, found {repair.Repair.Found}", said.ToString(),
                StringComparison.Ordinal);
            Assert.Equal(before, await reconciler.OnNode(Elements));
            Assert.Equal(1, reconciler.Current.RepairsTotal);
        }
        finally
        {
            LiveNode.Destroy(name);
        }
        ThreadHome.AssertAllHome();
    }

    /// <returns>What was in them.</returns>
    private static List<string> EmptyAll(LiveNode node)
    {
        var before = Elements(node);
        var table = node.Programmer.Programmed()!.Inet;
        using var batch = new NftBatch(node.Programmer.Socket);
        foreach (var set in table.Sets.Where(s => s.Elements.Count > 0))
            NftNetlinkRenderer.Elements(batch, table, set, set.Elements, delete: true);
        batch.Commit("break the ruleset");
        Assert.Empty(Elements(node));
        return before;
    }

    /// <summary>But for the epoch's, which is another after a repair.</summary>
    private static List<string> Elements(LiveNode node) =>
    [
        .. node.Programmer.Programmed()!.Inet.Sets.Where(s => s.Elements.Count > 0
            && !s.Name.StartsWith("epoch", StringComparison.Ordinal))
                .SelectMany(s => NftTables.DumpElements(node.Programmer.Socket, NftFamily.Inet, SetNames.Table, s.Name)
                    .Select(e => $"{s.Name} {Convert.ToHexString(e.Key)}")).Order(StringComparer.Ordinal),
    ];
}
