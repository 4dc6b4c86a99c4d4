using Dataplane.Cli.Output;
using Dataplane.Cli.Page;
using Dataplane.Cli.Why;
using Dataplane.Node.Verification;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;

namespace Dataplane.Cli.Verify;

/// <summary>A verification as a page: what was expected and measured of each flow, and its packet.</summary>
internal static class VerifyPage
{
    public static PageDocument Of(PageBuilder page, PageDocument head, Cluster cluster, VerifyReport report)
    {
        foreach (var result in report.Flows)
        {
            page.Add(result.Flow, result.Flow, Letter(result.Measured), PageCell.Letter(result.Expected),
                $"{Packet(result.Flow)}: {FlowReasons.Kernel(result)}");
        }
        var sources = new Dictionary<string, Endpoint>();
        foreach (var result in report.Services)
        {
            if (!sources.TryGetValue(result.From, out var from))
            {
                if (EndpointNames.Resolve(cluster, result.From).Endpoint is not { } found) continue;
                sources[result.From] = from = found;
            }
            page.AddService(from, result.Service, result.Backend, result.Probe, result.Family, Letter(result.Measured),
                Letter(result.Expected),
                $"{First(result.Probe)} to {result.Frontend}: {ServiceSentences.Kernel(result)}");
        }
        var document = VerifyData.ToDocument(cluster, report);
        return page.Build(head with
        {
            Summary = document.Summary,
            Control = document.Control,
            Sample = document.Sample,
            Notes = [.. head.Notes, .. report.Warnings],
        });
    }

    /// <summary>What was sent.</summary>
    private static string Packet(Flow flow) => $"{First(flow.Probe)} {flow.From.AddressIn(flow.Family)} → "
        + $"{Place.Of($"{flow.To.AddressIn(flow.Family)}", flow.Probe.Port)}";

    private static string First(Probe probe) => probe.Protocol switch
    {
        FlowProtocol.Tcp => "TCP SYN",
        FlowProtocol.Sctp => "SCTP INIT",
        FlowProtocol.Icmp => "ICMP echo request",
        _ => "UDP datagram",
    };

    private static char Letter(Measured measured) => measured switch
    {
        Measured.Allowed => 'a',
        Measured.Denied => 'd',
        Measured.Refused => 'r',
        _ => 'u',
    };
}
