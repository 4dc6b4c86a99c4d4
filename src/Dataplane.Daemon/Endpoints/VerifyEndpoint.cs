using Dataplane.Daemon.Api;
using Dataplane.Daemon.Host;
using Dataplane.Daemon.Reconcile;
using Dataplane.Linux.Native;
using Dataplane.Node.Verification;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;
using Dataplane.Policy.Sampling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dataplane.Daemon.Endpoints;

/// <summary>
/// verify: packets between the pods as they are attached. Long runs are made in slices, each a piece of work in the reconciler's queue like
/// any other, with controls of its own, so that changes and repairs have their turn; a change ends the run, for what was proven is no more.
/// </summary>
internal static class VerifyEndpoint
{
    /// <summary>One probe in both families between as many pods as a bridge has ports. Each flow takes memory until the last is answered.</summary>
    private const long MaxFlows = 2_500_000;

    /// <summary>Flows: some tenths of a second.</summary>
    private const int Slice = 25_000;

    /// <summary>Unless asked for another.</summary>
    private const int DefaultSeed = 1;

    public static void MapVerify(this IEndpointRouteBuilder routes, DaemonContext context) =>
        routes.MapPost(ApiPaths.Verify, (RequestDelegate)(http => PostVerify(http, context)));

    private static async Task PostVerify(HttpContext http, DaemonContext context) => await JsonBody.Write(http,
        await JsonBody.Read(http, ApiJson.Default.VerifyRequest, r => Verify(context, r, http.RequestAborted)), ApiJson.Default.VerifyResponse);

    private static async Task<VerifyResponse> Verify(DaemonContext context, VerifyRequest request, CancellationToken stop)
    {
        context.RequirePackets();
        var reconciler = context.Reconciler;
        var only = AskedFamily.Of(request.Family);
        if (request.Sample is <= 0) throw Problems.BadRequest("sample: a number of flows, 1 or more");
        var asked = (request.Probes ?? []).Select(text =>
            ProbeText.TryParse(text ?? "", out var probe, out var error) ? probe : throw Problems.BadRequest($"probes: {error}")).ToList();
        try
        {
            var (cluster, generation) = await reconciler.OnNode(node =>
                (node.Enforced ?? throw Problems.Busy("nothing is enforced yet: there is nothing to verify"), reconciler.Picture.EnforcedGeneration));
            // The cluster never changes; only the node's may become another one.
            var probes = asked.Count > 0 ? Probes.Sorted(asked) : Probes.Default(cluster);
            var ends = cluster.Pods.Count + 1L;
            if (Math.Min(request.Sample ?? long.MaxValue, probes.Count * ends * ends * (only is null ? 2 : 1)) is > MaxFlows and var count)
                throw Problems.BadRequest($"{count} flows are too many, at most {MaxFlows}; ask for fewer probes, for one family, or for a sample");
            var sample = request.Sample is { } most
                ? DecisionSampler.Choose(cluster, Compiler.Compile(cluster), probes, [], only, most, request.Seed ?? DefaultSeed) : null;
            var flows = sample?.Flows ?? ReachabilityMatrix.Flows(cluster, probes, [], only);
            var reports = await Probe(reconciler, cluster, flows, stop);
            return new VerifyResponse(generation, [.. reports.SelectMany(r => r.Flows).Select(Flows.Verified)], reports.Select(r => r.ControlFailure).FirstOrDefault(f => f is not null),
                [.. reports.SelectMany(r => r.Warnings).Distinct()], reports.Sum(r => r.Timings.Probe.TotalMilliseconds))
            {
                Sample = sample is null ? null : new VerifiedSample(sample.Of, sample.Seed, sample.Decisions, sample.Covered),
            };
        }
        catch (LinuxException e)
        {
            throw Problems.KernelRefused(e);
        }
    }

    private static async Task<IReadOnlyList<VerifyReport>> Probe(Reconciler reconciler, Cluster cluster, IReadOnlyList<Flow> flows, CancellationToken stop)
    {
        var reports = new List<VerifyReport>();
        // Without a flow the controls are asked for all the same.
        foreach (var slice in flows.Chunk(Slice).DefaultIfEmpty([]))
            reports.Add(await reconciler.OnNode(node =>
            {
                stop.ThrowIfCancellationRequested();
                if (!ReferenceEquals(node.Enforced, cluster)) throw Problems.Moved(reports.Sum(r => r.Flows.Count), flows.Count);
                return node.Verify(slice, stop);
            }));
        return reports;
    }
}
