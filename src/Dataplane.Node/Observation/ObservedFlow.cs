namespace Dataplane.Node.Observation;

public enum FlowVerdict
{
    /// <summary>A connection that our rules let pass.</summary>
    Allowed,

    /// <summary>A packet that a rule of ours dropped.</summary>
    Denied,

    /// <summary>Entries that could not be told.</summary>
    Lost,
}

/// <summary>One entry of the flow log.</summary>
/// <param name="From">
/// Where it came from: <c>namespace/pod</c>, <c>node</c>, or an address. A packet that used another's address has the
/// pod that sent it.
/// </param>
/// <param name="Protocol"><c>TCP</c>, <c>UDP</c>, <c>SCTP</c>, <c>ICMP</c>; others by number.</param>
/// <param name="SourcePort">0 where the protocol has no ports; of repeats, the first one's.</param>
/// <param name="Family"><c>IPv4</c>, <c>IPv6</c>; null for what is neither.</param>
/// <param name="Reason">Of denied flows the drop log's prefix; of losses, where they happened.</param>
/// <param name="Decision">The policy that decided, where one did.</param>
/// <param name="Count">So many like this one; of losses, so many entries.</param>
public sealed record ObservedFlow(
    DateTimeOffset Time, FlowVerdict Verdict, string? From, string? To, string? Protocol, int SourcePort, int Port,
        string? Family,
    string? Reason, FlowDecision? Decision, long Count)
{
    public static ObservedFlow Loss(long count, string where) =>
        new(DateTimeOffset.UtcNow, FlowVerdict.Lost, null, null, null, 0, 0, null, where, null, count);
}

/// <summary>Which policy denied a flow, on which side.</summary>
/// <param name="Direction"><c>egress</c> or <c>ingress</c>.</param>
/// <param name="Line">From 1.</param>
public sealed record FlowDecision(string Direction, string Policy, string File, int Line)
{
    /// <summary><c>denied (egress): policy x/deny deny.yaml:7</c>.</summary>
    public override string ToString() => $"denied ({Direction}): policy {Policy} {File}:{Line}";
}
