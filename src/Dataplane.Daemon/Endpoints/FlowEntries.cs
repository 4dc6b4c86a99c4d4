using Dataplane.Api;
using Dataplane.Daemon.Observation;
using Dataplane.Node.Observation;

namespace Dataplane.Daemon.Endpoints;

/// <summary>Entries of the flow log as messages of the API.</summary>
internal static class FlowEntries
{
    public static FlowEntry ToEntry(this ObservedFlow flow) => new(flow.Time, flow.Verdict.Text())
    {
        From = flow.From,
        To = flow.To,
        Protocol = flow.Protocol,
        SourcePort = flow.SourcePort,
        Port = flow.Port,
        Family = flow.Family,
        Reason = flow.Reason,
        Direction = flow.Decision?.Direction,
        Policy = flow.Decision?.Policy,
        File = flow.Decision?.File,
        Line = flow.Decision?.Line ?? 0,
        Service = flow.Service,
        Count = flow.Count,
        Probe = flow.IsProbe ? true : null,
    };
}
