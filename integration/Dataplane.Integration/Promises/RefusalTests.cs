using Dataplane.Control.Metering;
using Dataplane.Control.Reconcile;
using Dataplane.Control.Refusals;
using Dataplane.Control.State;
using Dataplane.Daemon.Host;
using Dataplane.Integration.Chaos;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Text;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Layout;
using Dataplane.Node.Live;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dataplane.Integration.Promises;

/// <summary>A refusal of the kernel affects only the request that caused it.</summary>
public sealed class RefusalTests
{
    private static string Adopted(string netns) => Steady.Pod("adopted", $"dataplane/netns: {netns}");

    [Fact]
    public void What_is_refused_at_start_is_tried_again_until_it_succeeds()
    {
        var foreign = RunName.Next();
        Netns.Create(foreign).Dispose();
        try
        {
            using var daemon = new DaemonProcess();
            daemon.Apply("steady.yaml", Steady.All);
            daemon.Apply("adopted.yaml", Adopted(foreign));
            using var talk = Talk.Between(daemon, Steady.Client, Steady.Server);
            using var intruder = new Intruder(daemon);
            daemon.Kill();
            Netns.Delete(foreign);
            daemon.Start(isWell: false);
            var status = daemon.Status();
            Assert.Contains(foreign, status.Problem, StringComparison.Ordinal);
            Assert.NotEqual(status.DesiredGeneration, status.EnforcedGeneration);
            Assert.Equal(1, Command.Run(daemon, "status").ExitCode);
            talk.BothWays();
            Netns.Create(foreign).Dispose();
            Steady.Until(
                () => daemon.Status() is { Problem: null } now && now.EnforcedGeneration == now.DesiredGeneration,
                "it is enforced");
            talk.BothWays();
            intruder.AssertNothingArrived();
            Assert.Equal(foreign, Steady.Of(daemon, "steady/adopted").Netns);
        }
        finally
        {
            Netns.Delete(foreign);
        }
        ThreadHome.AssertAllHome();
    }

    /// <summary>All of them wait at once, and become one transaction as far as they can.</summary>
    [Fact]
    public async Task Of_those_that_come_together_only_the_one_to_blame_is_refused()
    {
        var name = RunName.Next();
        using var state = new TempDirectory();
        using var meters = new DataplaneMeters();
        try
        {
            using (var reconciler = new Reconciler(new LiveNodeOptions { Name = name }, state.Path, meters,
                NullLogger.Instance))
            {
                await reconciler.StartAsync();
                using var go = new ManualResetEventSlim();
                var busy = reconciler.OnNode(_ => go.Wait(PodSocket.Patience));
                var answers = new[] { Steady.Pod("a"), Adopted("no-such-namespace"), Steady.Pod("b"), Steady.Policy,
                    Steady.Pod("gateway") + "status: {podIP: 10.244.0.1}\n", Steady.Pod("c") }
                    .Select(text => reconciler.ChangeAsync(Change(text))).ToList();
                go.Set();
                Assert.True(await busy);
                foreach (var i in new[] { 0, 2, 3, 5 })
                    Assert.Equal(ChangeKind.Created, Assert.Single((await answers[i]).Objects).Kind);
                Assert.Equal((500, 5), Told(await Assert.ThrowsAsync<RefusalException>(() => answers[1])));
                Assert.Equal((422, 3), Told(await Assert.ThrowsAsync<RefusalException>(() => answers[4])));
                Assert.Equal(["steady/a", "steady/b", "steady/c"], reconciler.Current.Pods.Select(p => p.Pod.Name));
                Assert.Equal(reconciler.Current.State.Generation, reconciler.Current.EnforcedGeneration);
            }
            using var again =
                new Reconciler(new LiveNodeOptions { Name = name }, state.Path, meters, NullLogger.Instance);
            await again.StartAsync();
            Assert.Equal(["steady/a", "steady/b", "steady/c"], again.Current.Pods.Select(p => p.Pod.Name));
        }
        finally
        {
            LiveNode.Destroy(name);
        }
        ThreadHome.AssertAllHome();

        static (int, int) Told(RefusalException refusal) =>
            (Problems.Of(refusal).Status, Problems.Of(refusal).ExitCode);
    }

    private static ChangeRequest Change(string text) => new(
        state => StateChange.Apply(state, ManifestLoader.LoadTexts([new SourceText("given.yaml", text)]).Documents,
            prune: false));
}
