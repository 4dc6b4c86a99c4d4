using Dataplane.Node.Ports.Bridge;
using Dataplane.Planning;
using Dataplane.Policy.Model;

namespace Dataplane.Bench;

/// <summary>
/// Pods attached to a private node and detached again, beside a C program that makes only the system calls (and IPv4
/// only), and beside the bridge and host-local plugins of a container runtime.
/// </summary>
internal static class Attaching
{
    private const int Pods = 200, PluginPods = 40, Runs = 9;

    public const string Plugin = "/usr/lib/cni/bridge";

    public const string NoPlugin =
        "CNI bridge and host-local: containernetworking-plugins is not installed and could not be";

    public const string Configuration = """
        {"cniVersion": "1.0.0", "name": "yardstick", "type": "bridge", "bridge": "cni0", "isGateway": true,
         "ipam": {"type": "host-local", "dataDir": "/run/cni", "ranges": [[{"subnet": "10.88.0.0/16"}]], "routes": [{"dst": "0.0.0.0/0"}]}}
        """;

    public static void Run()
    {
        var pods = TypicalCluster.Of(Pods, 0).Pods;
        var (attach, detach) = (new List<double>(), new List<double>());
        var (c, cDetach, add, del) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var first = Attach(pods);
        for (var run = 0; run < Runs; run++)
        {
            var (attached, detached) = Attach(pods);
            attach.Add(attached);
            detach.Add(detached);
            var yardstick = Yardsticks.Run("podattach", $"{Pods}");
            c.Add(yardstick["attach_ms"]);
            cDetach.Add(yardstick["detach_ms"]);
            if (!File.Exists(Plugin)) continue;
            var plugin = Yardsticks.Run("cnicall", $"{PluginPods}", Plugin, Configuration);
            add.Add(plugin["add_ms"]);
            del.Add(plugin["del_ms"]);
        }
        Figures.Line($"attach one of {Pods} pods, first run", $"{first.Attach:N2} ms");
        Figures.Bar("attach a pod", attach, "podattach (C, IPv4)", c, 1.5, "ms");
        Figures.Bar("detach a pod, all at once", detach, "podattach (C, IPv4)", cDetach, 2, "ms");
        if (add.Count == 0)
        {
            Figures.Skipped("attach a pod, detach a pod", NoPlugin);
            return;
        }
        Figures.Bar("attach a pod", attach, "CNI bridge + host-local, ADD", add, 0.25, "ms");
        Figures.Bar("detach a pod, all at once", detach, "CNI bridge + host-local, DEL", del, 0.05, "ms");
    }

    private static (double Attach, double Detach) Attach(IReadOnlyList<PodEndpoint> pods)
    {
        using var node = PrivateNode.Create(NodeOptions.Default);
        var attach = Figures.Milliseconds(() => node.AttachPods(pods)) / pods.Count;
        return (attach, Figures.Milliseconds(() => PodDetacher.Detach(node, [.. node.Attachments])) / pods.Count);
    }
}
