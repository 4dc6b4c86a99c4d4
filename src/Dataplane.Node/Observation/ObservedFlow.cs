namespace Dataplane.Node.Observation;

public enum FlowVerdict
{
    /// <summary>A connection that our rules let pass.</summary>
    Allowed,

    /// <summary>A packet that a rule of ours dropped.</summary>
    Denied,

    /// <summary>Entries that were lost.</summary>
    Lost,
}

/// <summary>One entry of the flow log.</summary>
/// <param name="From">
/// The source: <c>namespace/pod</c>, <c>node</c>, or an address. For a packet with a forged source address, the pod
/// that sent it.
/// </param>
/// <param name="Protocol"><c>TCP</c>, <c>UDP</c>, <c>SCTP</c>, <c>ICMP</c>; others by number.</param>
/// <param name="SourcePort">0 for protocols without ports. An entry for repeats has the port of the first one.</param>
/// <param name="Family"><c>IPv4</c>, <c>IPv6</c>; null for other protocols.</param>
/// <param name="Reason">Of a denied flow, the prefix of the drop log; of a loss, where it happened.</param>
/// <param name="Decision">The policy that denied the flow; null if no policy did.</param>
/// <param name="Count">Number of equal flows that the entry stands for; of a loss, number of lost entries.</param>
public sealed record ObservedFlow(
    DateTimeOffset Time, FlowVerdict Verdict, string? From, string? To, string? Protocol, int SourcePort, int Port,
        string? Family,
    string? Reason, FlowDecision? Decision, long Count)
{
    /// <summary>The Service through which the connection went; null: none.</summary>
    public string? Service { get; init; }

    /// <summary>This process sent it to prove something; no pod did.</summary>
    public bool IsProbe { get; init; }

    public static ObservedFlow Loss(long count, string where) =>
        new(DateTimeOffset.UtcNow, FlowVerdict.Lost, null, null, null, 0, 0, null, where, null, count);
}

/// <summary>The policy that denied a flow, and the side on which it did.</summary>
/// <param name="Direction"><c>egress</c> or <c>ingress</c>.</param>
/// <param name="Line">From 1.</param>
public sealed record FlowDecision(string Direction, string Policy, string File, int Line)
{
    /// <summary><c>denied (egress): policy x/deny deny.yaml:7</c>.</summary>
    public override string ToString() => $"denied ({Direction}): policy {Policy} {File}:{Line}";
}
