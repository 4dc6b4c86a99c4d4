using System.Net.Sockets;
using Dataplane.Api;
using Dataplane.Integration.Chaos;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Layout;
using Dataplane.Rules.Shape;

namespace Dataplane.Integration.Attacks;

/// <summary>
/// A pod floods while the node is verified, which lifts the limit of the drop log: a flow may be left undecided, and
/// none of another pod is told wrongly. (Of its own, the limit of connections may deny some.)
/// </summary>
public sealed class VerifyUnderFloodTests
{
    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void No_flow_is_told_wrongly(AddressFamily family)
    {
        using var daemon = new DaemonProcess();
        daemon.Apply("pods.yaml", string.Join("---\n", Yaml.Pod("flood"), Yaml.Pod("open"), Yaml.Pod("shut", "z"),
            Yaml.DenyAll(ns: "z")));
        var pods = daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse).Pods.ToDictionary(p => p.Name);
        var (flood, open) = (Party.Of(pods["x/flood"]), Party.Of(pods["x/open"]));
        using (var attacker = Netns.Open(pods["x/flood"].Netns!))
        using (var injector = PacketInjector.Open(attacker, NodeLayout.PodInterface))
        {
            foreach (var kind in Flood.All.Values)
            {
                using var flooding = new Flooding(injector, kind, flood, open, family);
                AssertNoneIsWrong(kind.Name, daemon.Verify("TCP:80", "UDP:53"));
            }
        }
        var quiet = daemon.Verify("TCP:80", "UDP:53");
        AssertNoneIsWrong("afterwards", quiet);
        Assert.Null(quiet.ControlFailure);
        Assert.Equal([false, true], quiet.Flows.Select(f => f.Measured == "allowed").Distinct().Order());
        Assert.DoesNotContain(quiet.Flows, f => f.Measured == "undecided");
        ThreadHome.AssertAllHome();
    }

    private static void AssertNoneIsWrong(string when, VerifyResponse report)
    {
        var wrong = report.Flows.Where(f => f.Measured == (f.Expected ? "denied" : "allowed")
            && !(f.From == "x/flood" && f.DropReason == DropReason.TooManyConnections)).ToList();
        Assert.True(wrong.Count == 0, $"{when}: {string.Join('\n', wrong)}");
    }
}
