using System.Net.Sockets;
using Dataplane.Api;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.Chaos;

/// <summary>
/// Random changes, and SIGKILL at random moments: a change that was answered holds; one that was not is complete or
/// absent.
/// </summary>
public sealed class ChaosTests
{
    /// <summary>More, and longer, with DATAPLANE_CHAOS_EVENTS.</summary>
    private static readonly int Events =
        int.TryParse(Environment.GetEnvironmentVariable("DATAPLANE_CHAOS_EVENTS"), out var events) ? events : 1000;

    private const string Steady = """
        apiVersion: v1
        kind: Pod
        metadata: {name: client, namespace: steady, labels: {app: client}}
        spec: {containers: [{name: c, image: none}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: server, namespace: steady, labels: {app: server}}
        spec: {containers: [{name: c, image: none}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: server, namespace: steady}
        spec:
          podSelector: {matchLabels: {app: server}}
          ingress: [{from: [{podSelector: {matchLabels: {app: client}}}], ports: [{port: 7}, {protocol: UDP, port: 7}]}]
        """;

    [Fact]
    public void After_any_number_of_deaths_the_kernel_has_what_was_answered()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        using var daemon = new DaemonProcess();
        daemon.Apply("steady.yaml", Steady);
        using var talk = Talk.Between(daemon, "steady/client", "steady/server");
        var wishes = new Wishes(random);
        var kills = 0;
        for (var i = 0; i < Events; i++)
        {
            var (next, deleted) = wishes.Change();
            if (random.Next(25) != 0)
            {
                Send(daemon, wishes, next, deleted);
                wishes.Adopt(next);
            }
            else
            {
                kills++;
                var killer = new Thread(() =>
                {
                    Thread.SpinWait(random.Next(2_000_000));
                    daemon.Kill();
                });
                killer.Start();
                var answered = TrySend(daemon, wishes, next, deleted);
                killer.Join();
                talk.BothWays();
                daemon.Start();
                var now = Names(daemon.State());
                var (old, wanted) = (Names(wishes.Objects), Names(next));
                Assert.True(now.SetEquals(wanted) || (!answered && now.SetEquals(old)),
                    $"seed {seed}, event {i}: after the kill there is {string.Join(' ', now)}; before: "
                        + $"{string.Join(' ', old)}; wanted: {string.Join(' ', wanted)}");
                // Which of the two texts an object has that both states name is settled by saying it again.
                Send(daemon, new Wishes(random), next,
                    [.. wishes.Objects.Keys.Where(o => !next.ContainsKey(o) && now.Contains($"{o.Kind}/{o.Name}"))]);
                wishes.Adopt(next);
            }
            talk.BothWays();
            if (i % 100 == 99) Settle(daemon, $"seed {seed}, event {i}, {kills} kills");
        }
        Assert.True(Events < 500 || kills > 0);
        Settle(daemon, $"seed {seed}");
        Leaks.AssertNone(daemon);
        Assert.Equal(0, daemon.Stop());
        ThreadHome.AssertAllHome();
    }

    private static void Settle(DaemonProcess daemon, string when)
    {
        var verified = daemon.Verify("TCP:80", "UDP:53");
        Assert.Null(verified.ControlFailure);
        var wrong = verified.Flows.Where(f => f.Measured != (f.Expected ? "allowed" : "denied")).ToList();
        Assert.True(wrong.Count == 0, $"{when}: {string.Join('\n', wrong)}");
        var status = daemon.Status();
        Assert.Equal(status.DesiredGeneration, status.EnforcedGeneration);
        Assert.Empty(status.StrayThreads);
        Assert.Empty(status.Errors);
        Leaks.AssertKernelIsCompiled(daemon, when);
    }

    private static bool TrySend(DaemonProcess daemon, Wishes wishes, Dictionary<ObjectReference, string> next,
        ObjectReference[] deleted)
    {
        try
        {
            Send(daemon, wishes, next, deleted);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return false;
        }
    }

    private static void Send(DaemonProcess daemon, Wishes wishes, Dictionary<ObjectReference, string> next,
        ObjectReference[] deleted)
    {
        if (deleted.Length > 0) daemon.Delete(deleted);
        var fresh = next.Where(o => !wishes.Objects.TryGetValue(o.Key, out var old) || old != o.Value)
            .Select(o => o.Value)
            .ToList();
        if (fresh.Count > 0) daemon.Apply("chaos.yaml", string.Join("---\n", fresh));
    }

    /// <summary>Namespaces left out: they exist as soon as something is in them.</summary>
    private static HashSet<string> Names(IEnumerable<ObjectReference> objects) =>
        [.. objects.Where(o => o.Kind != "Namespace").Select(o => $"{o.Kind}/{o.Name}")];

    private static HashSet<string> Names(Dictionary<ObjectReference, string> objects) => Names(objects.Keys);

    private static HashSet<string> Names(StateResponse state)
    {
        var loaded = Kubernetes.Loading.ManifestLoader.LoadTexts(state.Files.Select((f, i) => ($"{i}.yaml", f.Text)));
        Assert.False(loaded.HasErrors, string.Join('\n', loaded.Diagnostics));
        return Names(loaded.Manifests.Pods.Select(p => new ObjectReference("Pod", p.FullName))
            .Concat(loaded.Manifests.NetworkPolicies.Select(p => new ObjectReference("NetworkPolicy", p.FullName)))
            .Where(o => !o.Name.StartsWith("steady/", StringComparison.Ordinal)));
    }
}
