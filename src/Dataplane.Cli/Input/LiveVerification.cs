using System.Net.Sockets;
using Dataplane.Daemon.Api;
using Dataplane.Node.Verification;
using Dataplane.Policy;

namespace Dataplane.Cli;

/// <summary>A verification by the daemon, of its own pods, as if it had been made here.</summary>
internal static class LiveVerification
{
    /// <param name="cluster">The daemon's.</param>
    public static VerifyReport Run(DaemonClient client, Cluster cluster, IReadOnlyList<Probe> probes, AddressFamily? only)
    {
        var answer = client.Post(ApiPaths.Verify, new VerifyRequest
        {
            Probes = [.. probes.Select(p => p.ToString().Replace(' ', ':'))],
            Family = only switch { AddressFamily.InterNetwork => 4, AddressFamily.InterNetworkV6 => 6, _ => null },
        }, ApiJson.Default.VerifyRequest, ApiJson.Default.VerifyResponse);
        var names = new Dictionary<string, Endpoint>();
        return new VerifyReport([.. answer.Flows.Select(Result)], answer.ControlFailure, answer.Warnings,
            new VerifyTimings(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMilliseconds(answer.ProbeMilliseconds)));

        FlowResult Result(VerifiedFlow flow) => new(
            new Flow(Named(flow.From), Named(flow.To), ProbeOf(flow), flow.Family == AddressFamily.InterNetworkV6.Text() ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork),
            flow.Expected,
            flow.Measured switch { "allowed" => Measured.Allowed, "denied" => Measured.Denied, _ => Measured.Undecided },
            flow.Evidence switch { "captured" => Evidence.Captured, "drop-log" => Evidence.DropLog, _ => Evidence.None },
            flow.DropReason, flow.Reply);

        Endpoint Named(string name)
        {
            if (names.TryGetValue(name, out var known)) return known;
            return names[name] = EndpointNames.Resolve(cluster, name).Endpoint
                ?? throw new CommandFailure(ExitCodes.Undecided, $"the daemon's state changed meanwhile: {name} is new; ask again");
        }
    }

    private static Probe ProbeOf(VerifiedFlow flow) => new(flow.Protocol switch
    {
        "TCP" => FlowProtocol.Tcp,
        "UDP" => FlowProtocol.Udp,
        "SCTP" => FlowProtocol.Sctp,
        _ => FlowProtocol.Icmp,
    }, (ushort)flow.Port);
}
