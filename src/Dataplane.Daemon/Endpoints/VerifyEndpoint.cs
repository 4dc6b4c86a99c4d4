using System.Net.Sockets;
using Dataplane.Api;
using Dataplane.Control.Reconcile;
using Dataplane.Control.Refusals;
using Dataplane.Daemon.Host;
using Dataplane.Linux.Native;
using Dataplane.Node.Live;
using Dataplane.Node.Verification;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;
using Dataplane.Policy.Sampling;
using Dataplane.Policy.Selectors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dataplane.Daemon.Endpoints;

/// <summary>
/// verify: packets between the pods as they are attached. A long run is split into slices; each is an item of the
/// reconciler's queue with controls of its own, so that changes and repairs run in between. A change ends the run,
/// because what was proven no longer holds.
/// </summary>
internal static class VerifyEndpoint
{
    /// <summary>
    /// Maximum number of flows: one probe in both families between as many pods as a bridge has ports. Each flow takes
    /// memory until the last is answered.
    /// </summary>
    private const long MaxFlows = DefaultProbes.MostSent;

    /// <summary>Flows, or packets to Services, in one slice: a few tenths of a second.</summary>
    private const int Slice = 25_000;


    private const int DefaultSeed = 1;

    public static void MapVerify(this IEndpointRouteBuilder routes, DaemonContext context) =>
        routes.MapPost(ApiPaths.Verify, (RequestDelegate)(http => PostVerify(http, context)));

    private static async Task PostVerify(HttpContext http, DaemonContext context)
    {
        var response = await context.Bodies.Read(
            http, ApiJson.Default.VerifyRequest, request => Verify(context, request, http.RequestAborted));
        await JsonAnswer.Write(http, response, ApiJson.Default.VerifyResponse);
    }

    private static async Task<VerifyResponse> Verify(
        DaemonContext context, VerifyRequest request, CancellationToken stop)
    {
        context.RequirePackets();
        var reconciler = context.Reconciler;
        var only = AskedFamily.Of(request.Family);
        if (request.Sample is <= 0) throw Problems.BadRequest("sample: a number of flows, 1 or more");
        var asked = (request.Probes ?? []).Select(Parsed).ToList();
        try
        {
            var (cluster, generation) = await reconciler.OnNode(node =>
                (node.Enforced ?? throw Problems.Busy("nothing is enforced yet: there is nothing to verify"),
                    reconciler.Current.EnforcedGeneration));
            // A cluster is immutable; only the node may get another one meanwhile.
            var found = asked.Count > 0 ? new DefaultProbes(Probes.Sorted(asked), 0)
                : DefaultProbes.Of(cluster, 0, only, request.Sample is null ? DefaultProbes.MostSent : long.MaxValue);
            var probes = found.Probes;
            RequireFew(request, cluster, probes, only);
            var seed = request.Seed ?? DefaultSeed;
            var sample = request.Sample is { } most
                ? DecisionSampler.Choose(cluster, Compiler.Compile(cluster), probes, [], only, most, seed) : null;
            var flows = sample?.Flows ?? ReachabilityMatrix.Flows(cluster, probes, [], only);
            var services = ServiceQuestions.Of(cluster, [], only, stop);
            var response = Response(generation, await Probe(reconciler, cluster, flows, services.All, stop));
            return response with
            {
                Warnings =
                    [.. new[] { found.Cut, services.Cut }.OfType<string>(), .. response.Warnings],
                Sample = sample is null ? null
                    : new VerifiedSample(sample.Of, sample.Seed, sample.Decisions, sample.Covered),
            };
        }
        catch (LinuxException e)
        {
            throw RefusalException.Kernel(e);
        }
    }

    private static Probe Parsed(string? text) =>
        ProbeText.TryParse(text ?? "", out var probe, out var error) ? probe
            : throw Problems.BadRequest($"probes: {error}");

    /// <exception cref="ApiProblem">There are more flows than <see cref="MaxFlows"/>.</exception>
    private static void RequireFew(
        VerifyRequest request, Cluster cluster, IReadOnlyList<Probe> probes, AddressFamily? only)
    {
        var ends = (long)cluster.Pods.Count;
        var families = ReachabilityMatrix.Families(cluster, only).Count;
        var count = Math.Min(request.Sample ?? long.MaxValue, probes.Count * ends * ends * families);
        if (count > MaxFlows)
        {
            throw Problems.BadRequest(
                $"{count} flows are too many, at most {MaxFlows}; "
                + "ask for fewer probes, for one family, or for a sample");
        }
    }

    private static async Task<IReadOnlyList<VerifyReport>> Probe(
        Reconciler reconciler, Cluster cluster, IReadOnlyList<Flow> flows, IReadOnlyList<ServiceQuestion> services,
        CancellationToken stop)
    {
        var reports = new List<VerifyReport>();
        // Without flows there is still one slice, for its controls.
        foreach (var slice in flows.Chunk(Slice).DefaultIfEmpty([])) await Add(node => node.Verify(slice, stop));
        foreach (var slice in Slices(services)) await Add(node => node.Verify(slice, stop));
        return reports;

        async Task Add(Func<LiveNode, VerifyReport> verify) => reports.Add(await reconciler.OnNode(node =>
        {
            stop.ThrowIfCancellationRequested();
            if (!ReferenceEquals(node.Enforced, cluster))
                throw Problems.Moved(reports.Sum(r => r.Flows.Count), flows.Count);
            return verify(node);
        }));
    }

    private static IEnumerable<List<ServiceQuestion>> Slices(IReadOnlyList<ServiceQuestion> services)
    {
        var (slice, packets) = (new List<ServiceQuestion>(), 0);
        foreach (var question in services)
        {
            if (slice.Count > 0 && packets + question.Packets > Slice)
            {
                yield return slice;
                (slice, packets) = ([], 0);
            }
            slice.Add(question);
            packets += question.Packets;
        }
        if (slice.Count > 0) yield return slice;
    }

    private static VerifyResponse Response(long generation, IReadOnlyList<VerifyReport> reports) => new(
        generation, [.. reports.SelectMany(r => r.Flows).Select(Verified)],
        reports.Select(r => r.ControlFailure).FirstOrDefault(f => f is not null),
        [.. reports.SelectMany(r => r.Warnings).Distinct()], reports.Sum(r => r.Timings.Probe.TotalMilliseconds))
    {
        Services = [.. reports.SelectMany(r => r.Services).Select(Verified)],
    };

    private static VerifiedService Verified(ServiceResult result) => new(
        result.From, result.Service, result.Frontend, result.Probe.Protocol.Text(), result.Probe.Port,
        result.Family.Text(), result.Backend, result.Expected.Text(), result.Measured.Text(), result.Evidence.Text(),
        result.DropReason, result.Fault);

    private static VerifiedFlow Verified(FlowResult result) => new(
        result.Flow.From.Name, result.Flow.To.Name, result.Flow.Probe.Protocol.Text(), result.Flow.Probe.Port,
        result.Flow.Family.Text(), result.Expected, result.Measured.Text(), result.Evidence.Text(),
        result.DropReason, result.Reply);
}
