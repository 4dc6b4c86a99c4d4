using System.Text.Json;
using Dataplane.Integration.Live;
using Dataplane.Node.Live;
using Dataplane.Policy.Model;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.ShortWay;

/// <summary>A node with two pods, and the packets that the near ends of their pairs have sent.</summary>
internal sealed class ShortLab : IDisposable
{
    public static readonly string A = "x/a", B = "x/b";

    public ShortLab(ShortWayMode mode = ShortWayMode.Auto)
    {
        Live = new LiveLab(shortWay: mode);
        Live.Node.Apply(Cluster());
    }

    public LiveLab Live { get; }

    /// <summary>
    /// Packets that the node sent to a pod by its bridge: those of the short way are not among them, since they go to
    /// the far end at once.
    /// </summary>
    public long ByTheBridge(string pod)
    {
        var index = Live.Pod(pod).PortIndex.Value;
        using var links = JsonDocument.Parse(Live.Exec("ip", "-s -j link show"));
        return links.RootElement.EnumerateArray().Single(l => l.GetProperty("ifindex").GetInt32() == index)
            .GetProperty("stats64").GetProperty("tx").GetProperty("packets").GetInt64();
    }

    public static Cluster Cluster(params string[] more) => more.Aggregate(
        new Lab().Namespace("x").Pod(A).Pod(B), (lab, pod) => lab.Pod(pod)).Cluster;

    public void Dispose() => Live.Dispose();
}
