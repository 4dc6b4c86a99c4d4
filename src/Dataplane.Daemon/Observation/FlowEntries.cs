using Dataplane.Daemon.Api;
using Dataplane.Node.Observation;

namespace Dataplane.Daemon.Observation;

/// <summary>The flow log as the API tells it.</summary>
internal static class FlowEntries
{
    public static FlowEntry ToEntry(this ObservedFlow flow) => new(flow.Time, Word(flow.Verdict))
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
        Count = flow.Count,
    };

    public static string Word(FlowVerdict verdict) => verdict switch
    {
        FlowVerdict.Allowed => "allowed",
        FlowVerdict.Denied => "denied",
        _ => "lost",
    };
}
