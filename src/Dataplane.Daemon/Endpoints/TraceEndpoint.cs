using System.Net.Sockets;
using Dataplane.Api;
using Dataplane.Control.Reconcile;
using Dataplane.Control.Refusals;
using Dataplane.Daemon.Host;
using Dataplane.Linux.Native;
using Dataplane.Node.Verification;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;
using Dataplane.Policy.Selectors;
using Dataplane.Policy.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Endpoint = Dataplane.Policy.Model.Endpoint;

namespace Dataplane.Daemon.Endpoints;

/// <summary>trace: one packet. No change is programmed while it is on its way.</summary>
internal static class TraceEndpoint
{
    /// <summary>Of the name of a Service that has none; clients write theirs before it.</summary>
    private const string DefaultNamespace = "default";

    public static void MapTrace(this IEndpointRouteBuilder routes, DaemonContext context) =>
        routes.MapPost(ApiPaths.Trace, (RequestDelegate)(http => Answer(http, context)));

    private static async Task Answer(HttpContext http, DaemonContext context)
    {
        context.RequirePackets();
        var response = await context.Bodies.Read(
            http, ApiJson.Default.TraceRequest, request => Trace(context.Reconciler, request, http.RequestAborted));
        await JsonAnswer.Write(http, response, ApiJson.Default.TraceResponse);
    }

    private static async Task<TraceResponse> Trace(Reconciler reconciler, TraceRequest request, CancellationToken stop)
    {
        if (!ProbeText.TryParse(request.Port ?? "", out var probe, out var error))
            throw Problems.BadRequest($"port: {error}");
        try
        {
            return await reconciler.OnNode(node =>
            {
                stop.ThrowIfCancellationRequested();
                var cluster = node.Enforced ?? throw Problems.Untraceable("nothing is enforced yet");
                var from = Resolve(cluster, "from", request.From);
                if (Service(cluster, request.To ?? "") is { } service)
                    return Response(node.Trace(Question(cluster, from, service, probe, request.Family), stop), service);
                var to = Resolve(cluster, "to", request.To);
                var flow = new Flow(from, to, probe, Family(request.Family, from, to));
                if (ServiceReach.At(cluster, from, to.AddressIn(flow.Family)!, probe) is { } reach)
                    return Response(node.Trace(ServiceQuestion.Of(cluster, reach)!, stop), reach.Service);
                RequireArrival(cluster, flow);
                return Response(node.Trace(flow, stop));
            });
        }
        catch (UntraceableException e)
        {
            throw Problems.Untraceable(e.Message);
        }
        catch (LinuxException e)
        {
            throw RefusalException.Kernel(e);
        }
    }

    /// <summary>A port of the node that is a pod's is not traced as if the node listened.</summary>
    private static void RequireArrival(Cluster cluster, Flow flow)
    {
        if (flow.To.AsSelectablePod() is not null
            || HostPortFrontend.Find(cluster, flow.To.AddressIn(flow.Family)!, flow.Probe) is not { } hostPort)
        {
            return;
        }
        throw Problems.Untraceable($"{flow.Probe} of the node is a port of pod {hostPort.Pod.Name} (hostPort): trace "
            + $"to that pod, {new Probe(flow.Probe.Protocol, hostPort.Port.Target)}");
    }

    private static PlacedService? Service(Cluster cluster, string name)
    {
        var found = NamedServices.Find(cluster, name, DefaultNamespace, out var error);
        return error is null ? found : throw Problems.BadRequest($"to: {error}");
    }

    private static ServiceQuestion Question(
        Cluster cluster, Endpoint from, PlacedService service, Probe probe, int? asked)
    {
        if (Addressless.Why(cluster, service) is { } why) throw Problems.Untraceable(why);
        var only = AskedFamily.Of(asked);
        var ports = service.Object.Ports;
        int? port = ports.FirstOrDefault(p => p.Protocol.ToFlowProtocol() == probe.Protocol && p.Port == probe.Port)
            is { } found ? ports.ToList().IndexOf(found) : null;
        var reach = ServiceReach.Of(cluster, from, service, port, probe)
            .FirstOrDefault(r => only is null || r.Family == only);
        var name = ServiceReach.NameOf(service);
        return reach is null
            ? throw Problems.Untraceable($"{from.Name} and {name} have no {only?.Text() ?? "address family"} in common")
            : ServiceQuestion.Of(cluster, reach)
                ?? throw Problems.Untraceable($"{name} has no port of {probe.Protocol.Text()}");
    }

    /// <summary>Of a workload, the first pod by name.</summary>
    private static Endpoint Resolve(Cluster cluster, string parameter, string? text)
    {
        var found = EndpointNames.ResolveGroup(cluster, text ?? "");
        return found.Group?.Ends[0] ?? throw Problems.BadRequest($"{parameter}: {found.Error}");
    }

    private static AddressFamily Family(int? asked, Endpoint from, Endpoint to)
    {
        var only = AskedFamily.Of(asked);
        foreach (var family in AddressFamilies.All)
        {
            if (only is not null && family != only) continue;
            if (from.AddressIn(family) is not null && to.AddressIn(family) is not null) return family;
        }
        throw Problems.Untraceable($"{from.Name} and {to.Name} have no {only?.Text() ?? "address family"} in common");
    }

    private static TraceResponse Response(PacketTrace trace, PlacedService? service = null) => new(
        trace.Flow.From.Name, service is null ? trace.Flow.To.Name : ServiceReach.NameOf(service),
        trace.Flow.Probe.Protocol.Text(), trace.Flow.Probe.Port,
        trace.Flow.Family.Text(), trace.Measured.Text(), trace.Evidence.Text(),
        [.. trace.Steps.Select(s => new TraceStep(s.Time.TotalMicroseconds, s.Where, s.What))]);
}
