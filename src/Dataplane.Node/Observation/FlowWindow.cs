namespace Dataplane.Node.Observation;

/// <summary>
/// Combines repeats: the first entry of a kind is published at once; its repeats within the same second follow as one
/// entry with their count when the second is over. The counts published add up to the counts added.
/// </summary>
/// <param name="tell">Receives the entries to publish.</param>
internal sealed class FlowWindow(Action<ObservedFlow> tell)
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(1);

    /// <summary>Maximum number of kinds in a second; entries of further kinds are published one by one.</summary>
    private const int MaxKinds = 10_000;

    private readonly Dictionary<FlowKind, Repeats> _kinds = [];
    private DateTimeOffset? _ends;

    /// <param name="flow">An entry whose time is the present time.</param>
    public void Add(ObservedFlow flow)
    {
        Advance(flow.Time);
        _ends ??= flow.Time + Length;
        var kind = new FlowKind(flow.Verdict, flow.From, flow.To, flow.Protocol, flow.Port, flow.Family, flow.Reason,
            flow.Service, flow.IsProbe);
        if (_kinds.TryGetValue(kind, out var repeats))
        {
            repeats.First ??= flow;
            repeats.Count += flow.Count;
            return;
        }
        if (_kinds.Count < MaxKinds) _kinds[kind] = new Repeats();
        tell(flow);
    }

    /// <summary>Publishes the repeats if the second is over.</summary>
    public void Advance(DateTimeOffset now)
    {
        // If the clock was set back, the second also counts as over.
        if (_ends is not { } ends || (now < ends && now >= ends - Length)) return;
        foreach (var repeats in _kinds.Values)
            if (repeats.First is { } first) tell(first with { Count = repeats.Count });
        _kinds.Clear();
        _ends = null;
    }

    private readonly record struct FlowKind(FlowVerdict Verdict, string? From, string? To, string? Protocol, int Port,
        string? Family, string? Reason, string? Service, bool IsProbe);

    private sealed class Repeats
    {
        public ObservedFlow? First;
        public long Count;
    }
}
