using System.Net;
using Dataplane.Api;
using Dataplane.Cli.Diff;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
using Dataplane.Cli.Why;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;
using Dataplane.Policy.Services;

namespace Dataplane.Cli.Get;

/// <summary>
/// Describes one pod: its attachment, the policies that isolate it in each direction, the pods that reach it.
/// </summary>
internal static class PodPage
{
    /// <param name="attached">Null if the daemon has not attached the pod.</param>
    public static void Write(Printer output, Ansi colours, Cluster cluster, PodEndpoint pod, PodEntry? attached)
    {
        output.WriteLine($"{colours.Bold($"Pod {pod.Name}")}   "
            + $"{string.Join("   ", ((IPAddress?[])[pod.IPv4, pod.IPv6]).OfType<IPAddress>())}");
        var facts = new Columns();
        facts.Add("Network", attached switch
        {
            _ when pod.IsHostNetwork => "the node's own (hostNetwork): no policy selects it",
            null => "not attached; see dataplane status",
            { Netns: null, Port: not null } => $"simulated: port {attached.Port}, known to the tables alone",
            _ => $"netns {attached.Netns}, port {attached.Port} ↔ eth0, {attached.Mac}",
        });
        facts.Add("Labels", ObjectText.Labels(pod.Pod.Labels));
        facts.Add("Declares", pod.Pod.Ports.Count == 0 ? "no port" : string.Join(", ", pod.Pod.Ports.Select(Port)));
        foreach (var port in pod.IsHostNetwork ? [] : pod.Pod.HostPorts) AddHostPort(facts, cluster, pod, port);
        if (attached?.Summary is null)
            facts.Add("Runs", $"nothing: its image does not run; to serve a port: {Server(pod.Pod)}");
        else
            PodCells.AddContainers(facts, attached);
        facts.Add("From", WhyText.At(pod.Pod.Position));
        facts.WriteTo(output);
        if (attached?.Status is { } status)
        {
            PodCells.WriteContainers(output, "Init Containers", status.InitContainerStatuses, attached,
                container => ProbeText.Of(pod.Pod.Programs, container));
            PodCells.WriteContainers(output, "Containers", status.ContainerStatuses, attached,
                container => ProbeText.Of(pod.Pod.Programs, container));
        }
        if (!pod.IsHostNetwork)
        {
            WriteDirection(output, colours, cluster, pod, ingress: true);
            WriteDirection(output, colours, cluster, pod, ingress: false);
        }
        WriteReach(output, cluster, pod);
    }

    /// <summary>A command line that serves the pod's first TCP port.</summary>
    private static string Server(PodObject pod)
    {
        var port = pod.Ports.FirstOrDefault(p => p.Protocol == TransportProtocol.Tcp)?.Port ?? Probes.Fallback.Port;
        return $"sudo dataplane exec {pod.FullName} -- nc -lk {port}";
    }

    private static void AddHostPort(Columns facts, Cluster cluster, PodEndpoint pod, HostPort port)
    {
        var all = HostPortFrontend.Of(cluster).Where(f => f.Pod == pod && f.Port == port).ToList();
        var other = all.Select(f => HostPortFrontend.Find(cluster, f.Address, f.Probe))
            .FirstOrDefault(f => f?.Pod != pod);
        var where = all.Count > 0 ? string.Join(", ", all.Select(f => f.Address)) : $"{port.Address}, and not offered";
        facts.Add("Host port", $"{port.Protocol.ToFlowProtocol().Text()} {port.Number} at {where}, to {port.Target}"
            + (other is null ? "" : $"; here it is {other.Pod.Name}'s"));
    }

    private static string Port(ContainerPort port) =>
        $"{port.Protocol.ToFlowProtocol().Text()} {port.Port}{(port.Name is null ? "" : $" ({port.Name})")}";

    private static void WriteDirection(Printer output, Ansi colours, Cluster cluster, PodEndpoint pod, bool ingress)
    {
        var word = ingress ? "Ingress" : "Egress";
        var isolating = cluster.NetworkPolicies
            .Where(p => (ingress ? p.IsolatesIngress : p.IsolatesEgress) && SelectedPods.Of(cluster, p).Contains(pod))
            .ToList();
        var tiers = ((PolicyTier[])[PolicyTier.Admin, PolicyTier.Baseline]).SelectMany(cluster.Tier)
            .Where(p => (ingress ? p.Ingress : p.Egress).Count > 0 && SelectedPods.Of(cluster, p.Subject).Contains(pod))
            .ToList();
        var state = isolating.Count > 0 ? colours.Yellow("ISOLATED") : "open";
        output.WriteLine($"{word,-8}  {state}{(isolating.Count > 0
            ? $" by {Words.Count(isolating.Count, "policy")}: what no rule below allows is denied"
            : $": no NetworkPolicy of {pod.Pod.Namespace} that lists {word} selects it")}");
        var rows = new Columns();
        foreach (var policy in tiers.Where(p => p.Tier == PolicyTier.Admin)) AddTier(rows, policy, ingress);
        foreach (var policy in isolating)
        {
            var rules = ingress ? policy.Ingress : policy.Egress;
            rows.Add(
                policy.FullName,
                WhyText.At(policy.Position),
                rules.Count == 0 ? "allows nothing" : Words.Count(rules.Count, "rule"));
            foreach (var rule in rules)
            {
                rows.Add(
                    "",
                    WhyText.At(rule.Position),
                    $"allows {(ingress ? "from" : "to")} {Peers(rule, pod)} on {PolicyText.Ports(rule.Ports)}");
            }
        }
        foreach (var policy in tiers.Where(p => p.Tier == PolicyTier.Baseline)) AddTier(rows, policy, ingress);
        rows.WriteTo(output, "          ");
    }

    private static string Peers(NetworkPolicyRule rule, PodEndpoint pod) => rule.Peers.Count == 0 ? "everyone"
        : string.Join(
            " or ",
            rule.Peers.Select(p =>
                PolicyText.Peer(p)
                    + (p is { IpBlock: null, NamespaceSelector: null } ? $" of {pod.Pod.Namespace}" : "")));

    private static void AddTier(Columns rows, TierPolicyObject policy, bool ingress)
    {
        var rules = ingress ? policy.Ingress : policy.Egress;
        rows.Add(
            $"{policy.Kind} {policy.Name}",
            WhyText.At(policy.Position),
            $"{policy.Tier} tier{(policy.Tier == PolicyTier.Admin ? ", asked first" : isolatedWord)}, "
                + $"{Words.Count(rules.Count, "rule")}");
        foreach (var rule in rules)
        {
            rows.Add(
                "",
                WhyText.At(rule.Position),
                $"{rule.Action} {(ingress ? "from" : "to")} {string.Join(" or ", rule.Peers.Select(PolicyText.Peer))} "
                    + $"on {PolicyText.Ports(rule.Ports)}");
        }
    }

    private const string isolatedWord = ", asked where no NetworkPolicy isolates";

    /// <summary>
    /// Lists the pods that reach this one, for each port that it declares (or that its policies name), in any address
    /// family that both have.
    /// </summary>
    private static void WriteReach(Printer output, Cluster cluster, PodEndpoint pod)
    {
        var judge = new CompiledEvaluator(cluster, Compiler.Compile(cluster));
        var others = cluster.Pods.Where(p => p != pod).ToList();
        var probes = DefaultProbes.Between(cluster, null, pod);
        foreach (var probe in probes)
        {
            var from = others
                .Where(o =>
                    AddressFamilies.All.Any(f =>
                        o.Address(f) is not null
                            && pod.Address(f) is not null
                            && judge.IsAllowed(new Flow(o, pod, probe, f))))
                .ToList();
            output.WriteLine($"Reached   by {from.Count} of {Words.Count(others.Count, "pod")} on {probe}"
                + $"{(from.Count == 0 ? "" : $": {DiffTable.Shorten(string.Join(", ", from.Select(p => p.Name)))}")}");
        }
    }
}
