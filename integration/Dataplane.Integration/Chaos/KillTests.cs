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

    private static readonly string Policies = $"{Trio.Policy}---\n{Yaml.DenyAll("jail", "jail")}";

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
        using var allowed = new AllowedTraffic(Trio.Of(daemon, "client"), Trio.Of(daemon, "server"));
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
        daemon.Apply(new ApplyRequest([new ManifestFile("open.yaml", Trio.Pods + JailPods(Jail.Length)
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
            [Trio.Pods, Policies, Yaml.Pod(Turncoat, app: isTurned ? "client" : Turncoat), .. wishes.Objects.Values])
            + JailPods(random.Next(Jail.Length + 1)))]) { Prune = true };

    private static string JailPods(int count) => string.Concat(Enumerable.Range(0, count).Select(i => "---\n"
        + Yaml.Pod($"inmate-{i}", "jail", status: $"{{podIPs: [{{ip: {Jail[i].Four}}}, {{ip: '{Jail[i].Six}'}}]}}")));

    private static List<DeniedKind> Kinds(DaemonProcess daemon, FakeHost? host)
    {
        var (server, intruder, turncoat) = (Trio.Of(daemon, "server"), Trio.Of(daemon, "intruder"),
            Trio.Of(daemon, Turncoat));
        List<DeniedKind> kinds =
        [
            .. Trio.Denied(daemon),
            new("jailed", intruder.Netns!, [.. Jail.SelectMany(j => Trio.Both(Trio.Addresses(intruder), j))], 80),
            new(Turncoat, turncoat.Netns!, Trio.Both(turncoat, server), AllowedTraffic.Port),
        ];
        if (host is not null)
        {
            kinds.Add(new("outside", host.RouterName,
                Trio.Both((FakeHost.Router, FakeHost.Router6), Trio.Addresses(server)), AllowedTraffic.Port));
        }
        return kinds;
    }
}
