using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Dataplane.Api;
using Dataplane.Integration.HostNode;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.Chaos;

/// <summary>
/// SIGKILL at random moments while programs talk and others try what they may not: no denied packet is delivered, no
/// byte of an allowed stream is lost, and what else is lost is told. Takes minutes: see <c>make soak</c>.
/// </summary>
public sealed class KillTests
{
    private const string Turncoat = "turncoat";

    /// <summary>How often, with DATAPLANE_KILLS.</summary>
    private static readonly int Kills =
        int.TryParse(Environment.GetEnvironmentVariable("DATAPLANE_KILLS"), out var kills) ? kills : 300;

    /// <summary>Addresses of pods that come and go, in a namespace that nothing may reach.</summary>
    private static readonly (IPAddress Four, IPAddress Six)[] Jail =
    [
        .. Enumerable.Range(0, 3)
            .Select(i => (IPAddress.Parse($"10.244.0.{210 + i}"), IPAddress.Parse($"fd00:10:244::{210 + i}"))),
    ];

    private static readonly string Pods = string.Join("---\n", Yaml.Pod("client"), Yaml.Pod("server"),
        Yaml.Pod("intruder"));

    private static readonly string Policies = $$"""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: server, namespace: x}
        spec:
          podSelector:
            matchLabels: {app: server}
          ingress:
          - from:
            - podSelector:
                matchLabels: {app: client}
            ports:
            - port: {{AllowedTraffic.Port}}
            - protocol: UDP
              port: {{AllowedTraffic.Port}}
            - port: {{AllowedTraffic.NewPort}}
        ---
        {{Yaml.DenyAll("jail", "jail")}}
        """;

    [Theory(Explicit = true)]
    [InlineData(false)]
    [InlineData(true)]
    public void No_death_of_the_daemon_opens_a_flow_or_ends_one(bool isHost)
    {
        var (seed, started) = (Environment.TickCount, Stopwatch.GetTimestamp());
        var random = new Random(seed);
        using var host = isHost ? new FakeHost() : null;
        using var daemon = host is null ? new DaemonProcess() : new DaemonProcess(host.Netns, "--node", "host");
        var wishes = new Wishes(random);
        daemon.Apply(Wanted(wishes, random, isTurned: false));
        using var allowed = new AllowedTraffic(Pod(daemon, "x/client"), Pod(daemon, "x/server"));
        var kinds = Kinds(daemon, host);
        using var denied = new DeniedTraffic(host?.Netns.Name ?? daemon.NodeName, kinds);
        var always = kinds.Where(k => k.Name != Turncoat).ToList();
        var series = new KillSeries(daemon, random);
        long turned = 0;
        for (var (i, mayTalk) = (0, false); i < Kills; i++)
        {
            wishes.Adopt(wishes.Change().Next);
            // The next change may let it talk; one that took that back, and was answered, holds until then.
            var maySoon = random.Next(3) == 0;
            if (!mayTalk) Assert.Equal(turned, denied.Delivered(Turncoat));
            var wanted = Wanted(wishes, random, maySoon);
            series.Next(() => TryApply(daemon, wanted));
            daemon.Apply(wanted);
            mayTalk = maySoon;
            turned = denied.Delivered(Turncoat);
            allowed.AssertWell();
            foreach (var kind in always)
                Assert.True(denied.Delivered(kind.Name) == 0, $"seed {seed}, {series}: {kind.Name} is delivered");
        }
        var (sent, status) = (denied.Sent, daemon.Status());
        Assert.Equal(status.DesiredGeneration, status.EnforcedGeneration);
        Assert.Empty(status.Errors);

        // The witness sees what is allowed.
        daemon.Apply(new ApplyRequest([new ManifestFile("open.yaml", Pods + JailPods(Jail.Length)
            + "---\n" + Yaml.Pod(Turncoat))]) { Prune = true });
        foreach (var kind in kinds)
        {
            Assert.True(SpinWait.SpinUntil(() => denied.Delivered(kind.Name) > 0, PodSocket.Patience),
                $"{kind.Name} is not seen where it is allowed");
        }
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join('\n',
            $"{(isHost ? "host" : "private")} node, seed {seed}, {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s",
            $"{series}", $"{sent} denied packets, none delivered", allowed.Finish()));
        Assert.Equal(0, daemon.Stop());
        ThreadHome.AssertAllHome();
    }

    private static bool TryApply(DaemonProcess daemon, ApplyRequest wanted)
    {
        try
        {
            daemon.Apply(wanted);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return false;
        }
    }

    private static ApplyRequest Wanted(Wishes wishes, Random random, bool isTurned) =>
        new([new ManifestFile("wanted.yaml", string.Join("---\n",
            [Pods, Policies, Yaml.Pod(Turncoat, app: isTurned ? "client" : Turncoat), .. wishes.Objects.Values])
            + JailPods(random.Next(Jail.Length + 1)))]) { Prune = true };

    private static string JailPods(int count) => string.Concat(Enumerable.Range(0, count).Select(i => "---\n"
        + Yaml.Pod($"inmate-{i}", "jail", status: $"{{podIPs: [{{ip: {Jail[i].Four}}}, {{ip: '{Jail[i].Six}'}}]}}")));

    private static List<DeniedKind> Kinds(DaemonProcess daemon, FakeHost? host)
    {
        var (client, server, intruder, turncoat) = (Pod(daemon, "x/client"), Pod(daemon, "x/server"),
            Pod(daemon, "x/intruder"), Pod(daemon, $"x/{Turncoat}"));
        List<DeniedKind> kinds =
        [
            new("stranger", intruder.Netns!, Both(intruder, server), AllowedTraffic.Port),
            new("another_port", client.Netns!, Both(client, server), 9),
            new("jailed", intruder.Netns!, [.. Jail.SelectMany(j => Both(intruder, (j.Four, j.Six)))], 80),
            new(Turncoat, turncoat.Netns!, Both(turncoat, server), AllowedTraffic.Port),
        ];
        if (host is not null)
        {
            kinds.Add(new("outside", host.RouterName, Both((FakeHost.Router, FakeHost.Router6), Addresses(server)),
                AllowedTraffic.Port));
        }
        return kinds;
    }

    private static (IPAddress From, IPAddress To)[] Both(PodEntry from, PodEntry to) =>
        Both(from, Addresses(to));

    private static (IPAddress From, IPAddress To)[] Both(PodEntry from, (IPAddress, IPAddress) to) =>
        Both(Addresses(from), to);

    private static (IPAddress From, IPAddress To)[] Both((IPAddress Four, IPAddress Six) from,
        (IPAddress Four, IPAddress Six) to) => [(from.Four, to.Four), (from.Six, to.Six)];

    private static (IPAddress Four, IPAddress Six) Addresses(PodEntry pod) =>
        (IPAddress.Parse(pod.IPv4!), IPAddress.Parse(pod.IPv6!));

    private static PodEntry Pod(DaemonProcess daemon, string name) =>
        daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse).Pods.Single(p => p.Name == name);
}
