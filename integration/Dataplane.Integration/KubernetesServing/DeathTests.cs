using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Dataplane.Integration.Chaos;
using Dataplane.Integration.Promises;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.KubernetesServing;

/// <summary>
/// SIGKILL at random moments while kubectl writes and clients watch: nothing that was answered is lost, watches go on,
/// and what the policies deny is not delivered.
/// </summary>
public sealed class DeathTests
{
    private const string Written = "written";

    private static readonly string Objects =
        $"{Trio.Pods}---\n{Trio.Policy}---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: {Written}}}\n";

    /// <summary>For so many minutes, with DATAPLANE_MINUTES. See <c>make soak</c>.</summary>
    private static readonly int Minutes =
        int.TryParse(Environment.GetEnvironmentVariable("DATAPLANE_MINUTES"), out var minutes) ? minutes : 10;

    [Fact]
    public Task A_few_deaths_under_kubectl_lose_nothing() => Die((kills, _) => kills < 3);

    [Fact(Explicit = true)]
    public Task Minutes_of_deaths_under_kubectl_lose_nothing() =>
        Die((_, passed) => passed < TimeSpan.FromMinutes(Minutes));

    private static async Task Die(Func<int, TimeSpan, bool> mayGoOn)
    {
        var kubectl = KubernetesClients.Kubectl();
        var (seed, started) = (Environment.TickCount, Stopwatch.GetTimestamp());
        var random = new Random(seed);
        using var host = TestNetns.Create();
        host.Exec("ip", "link set lo up");
        using var daemon = new DaemonProcess(host, "--kubernetes-api", "127.0.0.1:6443");
        daemon.Apply("objects.yaml", Objects);
        using var allowed = new AllowedTraffic(Trio.Of(daemon, "client"), Trio.Of(daemon, "server"));
        var kinds = Trio.Denied(daemon);
        var denied = new DeniedTraffic(daemon.NodeName, kinds);
        using var client = new ApiClient(daemon, "kubeconfig", host.Netns);
        var series = new KillSeries(daemon, random);
        var mirrors = KubectlWriter.Collections(Written).Select(c => new Mirror(client, c.Path)).ToList();
        try
        {
            using var writer = new KubectlWriter(kubectl, daemon, host.Name, Written, random);
            while (mayGoOn(series.Kills, Stopwatch.GetElapsedTime(started)))
            {
                writer.AwaitAnswers(random.Next(8));
                series.Next(() => false);
                var when = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {series}");
                writer.Quiet(() => writer.Ledger.Check(Found(client), when));
                allowed.AssertWell();
                Assert.All(kinds, k => Assert.True(denied.Delivered(k.Name) == 0, $"{when}: {k.Name}"));
            }
            writer.Dispose();
            AssertEqualEverywhere(daemon, client, mirrors);
            var before = Texts(client);
            daemon.Kill();
            daemon.Start();
            Assert.Equal(before, Texts(client));
            AssertEqualEverywhere(daemon, client, mirrors);
            TestContext.Current.TestOutputHelper!.WriteLine(string.Join('\n',
                $"seed {seed}, {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s", $"{series}",
                $"{writer.Runs} runs of kubectl, {writer.Ledger.Answers} answers, none lost, "
                    + $"{writer.Ledger.Unanswered} without",
                $"watches: {mirrors.Sum(m => m.Watches)} after {mirrors.Sum(m => m.Lists)} lists",
                $"{denied.Sent} denied packets, none delivered", allowed.Finish()));
        }
        finally
        {
            denied.Dispose();
            foreach (var mirror in mirrors) await mirror.DisposeAsync();
        }
        Leaks.AssertKernelIsCompiled(daemon, "at the end");
        Assert.Equal(0, daemon.Stop());
        ThreadHome.AssertAllHome();
    }

    /// <summary>What clients have seen, what the API lists, what the daemon shows, and what there is.</summary>
    private static void AssertEqualEverywhere(DaemonProcess daemon, ApiClient client, List<Mirror> mirrors)
    {
        Assert.True(SpinWait.SpinUntil(() => daemon.Status() is var s && s.DesiredGeneration == s.EnforcedGeneration,
            PodSocket.Patience), "it does not enforce what is wanted");
        var listed = Texts(client);
        Assert.True(SpinWait.SpinUntil(() => Seen(mirrors).SequenceEqual(listed), PodSocket.Patience),
            "watches have not seen what is listed");
        foreach (var (kind, path) in KubectlWriter.Collections(Written).Where(c => c.Kind != "configmap"))
        {
            var shown = Command.Run(daemon, "get", kind.Split('.')[0], "-n", Written, "-o", "name").Succeeded();
            Assert.Equal(Items(client, path).Select(o => (string)o["metadata"]!["name"]!).Order(StringComparer.Ordinal),
                shown.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('/')[^1])
                    .Order(StringComparer.Ordinal));
        }
        Leaks.AssertNone(daemon);
    }

    private static List<string> Texts(ApiClient client) => [.. KubectlWriter.Collections(Written)
        .SelectMany(c => Mirror.Sorted(Items(client, c.Path)).Values)];

    private static IEnumerable<string> Seen(List<Mirror> mirrors) => mirrors.SelectMany(m => m.Objects().Values);

    private static Dictionary<string, JsonNode> Found(ApiClient client) => KubectlWriter.Collections(Written)
        .SelectMany(c => Items(client, c.Path).Select(o => (Name: $"{c.Kind}/{o["metadata"]!["name"]}", o)))
        .ToDictionary(o => o.Name, o => o.o);

    private static IEnumerable<JsonNode> Items(ApiClient client, string path) =>
        client.Ask(HttpMethod.Get, path).GetAwaiter().GetResult()["items"]!.AsArray().Select(i => i!);
}
