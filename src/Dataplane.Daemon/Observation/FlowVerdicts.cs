using Dataplane.Node.Observation;

namespace Dataplane.Daemon.Observation;

/// <summary>Verdicts of the flow log as words, in metrics and messages.</summary>
internal static class FlowVerdicts
{
    public static string Text(this FlowVerdict verdict) => verdict switch
    {
        FlowVerdict.Allowed => "allowed",
        FlowVerdict.Denied => "denied",
        _ => "lost",
    };
}
