using System.Net;
using Dataplane.Cli.Diff;
using Dataplane.Cli.Terminal;
using Dataplane.Cli.Why;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Cli.Get;

/// <summary>Describes one Service, as kubectl does, and says which endpoints wait, why, and who reaches it.</summary>
internal static class ServicePage
{
    private const string None = "<none>";

    public static void Write(Printer output, Ansi colours, Cluster cluster, PlacedService placed)
    {
        var service = placed.Object;
        output.WriteLine($"{colours.Bold($"Service {placed.Name}")}   {WhyText.At(service.Position)}");
        var rows = new Columns();
        rows.Add("Labels", ObjectText.Labels(service.Labels));
        rows.Add("Selector", ObjectText.Labels(service.Selector));
        rows.Add("Type", $"{service.Type}");
        if (service.ExternalName is { } alias)
        {
            rows.Add("External Name", alias);
            rows.WriteTo(output);
            return;
        }
        rows.Add("IP Family Policy", $"{service.FamilyPolicy}");
        rows.Add("IP Families", string.Join(',', placed.Families.Select(f => f.Text())));
        rows.Add("IPs", service.IsHeadless ? "None"
            : Joined(placed.Families.Select(f => placed.Addresses[f]).OfType<IPAddress>()));
        if (service.ExternalAddresses.Count > 0) rows.Add("External IPs", Joined(service.ExternalAddresses));
        if (service.Type == ServiceType.LoadBalancer)
        {
            rows.Add("LoadBalancer Ingress", placed.LoadBalancerAddresses.Count > 0
                ? Joined(placed.LoadBalancerAddresses) : "<pending>");
            if (service.SourceRanges.Count > 0)
                rows.Add("LoadBalancer Source Ranges", string.Join(',', service.SourceRanges));
        }
        var endpoints = ServiceEndpoints.Of(cluster, placed);
        for (var i = 0; i < service.Ports.Count; i++) AddPort(rows, cluster, placed, endpoints, i);
        if (service.Ports.Count == 0)
            rows.Add("Endpoints", Joined(endpoints.Where(e => e.IsReady).Select(e => e.Address)));
        foreach (var endpoint in endpoints.Where(e => !e.IsReady))
        {
            var who = endpoint.Pod?.Name ?? endpoint.Origin.FullName;
            rows.Add("Not ready", $"{endpoint.Address} ({who}): {Why(endpoint)}");
        }
        rows.Add("Session Affinity",
            service.AffinitySeconds is { } seconds ? $"ClientIP, for {seconds} seconds" : "None");
        if (service.IsExternallyAccessible) rows.Add("External Traffic Policy", $"{service.ExternalPolicy}");
        rows.Add("Internal Traffic Policy", $"{service.InternalPolicy}");
        if (placed.HealthCheckPort is { } check) rows.Add("HealthCheck NodePort", $"{check}");
        rows.WriteTo(output);
        WriteReach(output, cluster, placed, endpoints);
    }

    private static void AddPort(Columns rows, Cluster cluster, PlacedService placed,
        IReadOnlyList<ServiceEndpoint> endpoints, int index)
    {
        var port = placed.Object.Ports[index];
        var protocol = port.Protocol.ToString().ToUpperInvariant();
        rows.Add("Port", $"{(port.Name is { } name ? $"{name} " : "")}{port.Port}/{protocol}");
        rows.Add("TargetPort", $"{port.Target}/{protocol}");
        if (placed.NodePorts[index] is { } nodePort) rows.Add("NodePort", $"{nodePort}/{protocol}");
        var ready = endpoints.Where(e => e.IsReady && e.Ports[index] is not null)
            .Select(e => $"{new IPEndPoint(e.Address, e.Ports[index]!.Value)}").ToList();
        rows.Add("Endpoints", ready.Count == 0 ? None : DiffTable.Shorten(string.Join(", ", ready)));
        if (ready.Count == 0)
        {
            var gap = EndpointGap.Of(cluster, placed, index, placed.Families[0]);
            rows.Add("", $"{gap.Because}   {WhyText.At(gap.At)}");
            return;
        }
        var without = endpoints.Where(e => e.IsReady && e.Ports[index] is null)
            .Select(e => e.Pod?.Name ?? e.Origin.FullName).Distinct().ToList();
        if (without.Count > 0)
        {
            rows.Add("", $"without this port, {(port.TargetName is null ? "which they do not list"
                : $"for they name no port {port.TargetName}")}: {DiffTable.Shorten(string.Join(", ", without))}");
        }
    }

    private static string Why(ServiceEndpoint endpoint) =>
        endpoint.IsTerminating ? endpoint.IsServing
            ? "it is about to go, and gets connections only where no other endpoint is ready" : "it is about to go"
        : endpoint.Origin is PodObject ? "its condition Ready is not True" : "its object says so";

    /// <summary>For each port, which pods reach all of its endpoints, and which only some.</summary>
    private static void WriteReach(
        Printer output, Cluster cluster, PlacedService placed, IReadOnlyList<ServiceEndpoint> endpoints)
    {
        var judge = new CompiledEvaluator(Compiler.Compile(cluster));
        for (var i = 0; i < placed.Object.Ports.Count; i++)
        {
            var port = placed.Object.Ports[i];
            var all = endpoints.Where(e => e.Ports[i] is not null).ToList();
            var ready = all.Exists(e => e.IsReady) ? all.Where(e => e.IsReady) : all.Where(e => e.IsUsable);
            var backends = ready.Select(e => new ServiceBackend(e.Address, e.Ports[i]!.Value, e)).ToList();
            var title = $"{port.Port}/{port.Protocol.ToString().ToUpperInvariant()}";
            if (backends.Count == 0)
            {
                output.WriteLine($"Reached   by nobody on {title}: it has no endpoint, and refuses");
                continue;
            }
            var reach = cluster.Pods.Select(pod => (pod.Name, Share: Share(pod, port, backends)))
                .Where(r => r.Share.All > 0).ToList();
            Tell($"on {title}", [.. reach.Where(r => r.Share.Allowed == r.Share.All).Select(r => r.Name)], "by ");
            var some = reach.Where(r => r.Share.Allowed > 0 && r.Share.Allowed < r.Share.All).Select(r => r.Name)
                .ToList();
            if (some.Count > 0) Tell($"on {title} in part: some of its endpoints deny them", some, "by ");
        }

        void Tell(string how, List<string> names, string by) => output.WriteLine(
            $"Reached   {by}{names.Count} of {Words.Count(cluster.Pods.Count, "pod")} {how}"
                + $"{(names.Count == 0 ? "" : $": {DiffTable.Shorten(string.Join(", ", names))}")}");

        (int Allowed, int All) Share(PodEndpoint pod, ServicePort port, List<ServiceBackend> backends)
        {
            var flows = backends.Where(b => pod.Address(b.Address.AddressFamily) is not null)
                .Select(b => ServiceFlow.Judged(cluster, pod, port.Protocol.ToFlowProtocol(), b))
                .OfType<Flow>().ToList();
            return (flows.Count(judge.IsAllowed), flows.Count);
        }
    }

    private static string Joined(IEnumerable<IPAddress> addresses) =>
        string.Join(',', addresses) is { Length: > 0 } text ? text : None;
}
