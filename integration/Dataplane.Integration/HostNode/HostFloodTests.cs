using System.Net.Sockets;
using Dataplane.Api;
using Dataplane.Integration.Attacks;
using Dataplane.Integration.Chaos;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Layout;

namespace Dataplane.Integration.HostNode;

/// <summary>
/// A pod of a host node floods: neither other pods nor other programs of the machine lose anything, whatever way their
/// packets take.
/// </summary>
public sealed class HostFloodTests
{
    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void The_others_on_the_machine_lose_nothing(AddressFamily family)
    {
        using var host = new FakeHost();
        using var daemon = new DaemonProcess(host.Netns, "--node", "host");
        daemon.Apply("pods.yaml",
            string.Join("---\n", Yaml.Pod("flood"), Yaml.Pod("victim"), Yaml.Pod("open")));
        var pods = daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse).Pods.ToDictionary(p => p.Name);
        var (flood, victim, open) = (Party.Of(pods["x/flood"]), Party.Of(pods["x/victim"]), Party.Of(pods["x/open"]));
        using var attacker = Netns.Open(pods["x/flood"].Netns!);
        using var here = Netns.Open(pods["x/victim"].Netns!);
        using var there = Netns.Open(pods["x/open"].Netns!);
        var chatter = new Chatter(
        [
            .. host.Talks(),
            host.Talk(here, victim.Address(family), there, open.Address(family), ProtocolType.Tcp, 21),
            host.Talk(here, victim.Address(family), there, open.Address(family), ProtocolType.Udp, 22),
        ]);
        try
        {
            using var injector = PacketInjector.Open(attacker, NodeLayout.PodInterface);
            foreach (var kind in Flood.All.Values)
            {
                using var flooding = new Flooding(injector, kind, flood, open, family);
                for (var round = 0; round < 10; round++) chatter.Hear();
            }
        }
        finally
        {
            chatter.Stop();
        }
        ThreadHome.AssertAllHome();
    }
}
