using System.Net.Sockets;
using Dataplane.Api;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Terminal;
using Dataplane.Node.Verification;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;
using Dataplane.Policy.Sampling;
using Dataplane.Policy.Selectors;

namespace Dataplane.Cli.Verify;

/// <summary>Runs a verification in the daemon, on its own pods, and converts the answer to a report.</summary>
internal static class LiveVerification
{
    /// <param name="cluster">The cluster that the daemon enforces.</param>
    public static VerifyReport Run(
        DaemonClient client, Cluster cluster, IReadOnlyList<Probe> probes, AddressFamily? only, Sampling? sampling)
    {
        var answer = client.Post(ApiPaths.Verify, new VerifyRequest
        {
            Probes = [.. probes.Select(p => p.ToString().Replace(' ', ':'))],
            Family = only switch { AddressFamily.InterNetwork => 4, AddressFamily.InterNetworkV6 => 6, _ => null },
            Sample = sampling?.Count,
            Seed = sampling?.Seed,
        }, ApiJson.Default.VerifyRequest, ApiJson.Default.VerifyResponse);
        var names = new Dictionary<string, Endpoint>();
        FlowResult[] results = [.. answer.Flows.Select(Result)];
        return new VerifyReport(results, answer.ControlFailure, answer.Warnings,
            new VerifyTimings(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMilliseconds(answer.ProbeMilliseconds)))
        {
            Services = [.. answer.Services.Select(OfService)],
            Sample = answer.Sample is { } sample
                ? new FlowSample(
                    [.. results.Select(r => r.Flow)], sample.Of, sample.Seed, sample.Decisions, sample.Covered)
                : null,
        };

        FlowResult Result(VerifiedFlow flow) => new(
            new Flow(
                Named(flow.From),
                Named(flow.To),
                ProbeOf(flow.Protocol, flow.Port),
                FamilyOf(flow.Family)),
            flow.Expected,
            MeasuredText.ReadMeasured(flow.Measured), MeasuredText.ReadEvidence(flow.Evidence),
            flow.DropReason, flow.Reply);

        Endpoint Named(string name)
        {
            if (names.TryGetValue(name, out var known)) return known;
            return names[name] = EndpointNames.Resolve(cluster, name).Endpoint
                ?? throw new CommandFailure(
                    ExitCodes.Undecided, $"the daemon's state changed meanwhile: {name} is new; ask again");
        }
    }

    private static ServiceResult OfService(VerifiedService service) => new(
        service.From, service.Service, service.Frontend, ProbeOf(service.Protocol, service.Port),
        FamilyOf(service.Family), service.Backend, MeasuredText.ReadMeasured(service.Expected),
        MeasuredText.ReadMeasured(service.Measured), MeasuredText.ReadEvidence(service.Evidence), service.DropReason,
        service.Fault);

    private static AddressFamily FamilyOf(string text) => text == AddressFamily.InterNetworkV6.Text()
        ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;

    private static Probe ProbeOf(string protocol, int port) => new(protocol switch
    {
        "TCP" => FlowProtocol.Tcp,
        "UDP" => FlowProtocol.Udp,
        "SCTP" => FlowProtocol.Sctp,
        _ => FlowProtocol.Icmp,
    }, (ushort)port);
}
