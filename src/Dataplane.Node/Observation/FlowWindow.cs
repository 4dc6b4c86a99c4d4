namespace Dataplane.Node.Observation;

/// <summary>
/// Draws repeats together: the first of its kind is told at once, the others of the same second as one more entry with
/// their count when the second is over. Nothing is left out: the counts add up to what was put in.
/// </summary>
/// <param name="tell">Receives what is to be told.</param>
internal sealed class FlowWindow(Action<ObservedFlow> tell)
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(1);

    /// <summary>More kinds than that in a second are told one by one.</summary>
    private const int MaxKinds = 10_000;

    private readonly Dictionary<FlowKind, Repeats> _kinds = [];
    private DateTimeOffset? _ends;

    /// <param name="flow">Its time is now.</param>
    public void Add(ObservedFlow flow)
    {
        Advance(flow.Time);
        _ends ??= flow.Time + Length;
        var kind = new FlowKind(flow.Verdict, flow.From, flow.To, flow.Protocol, flow.Port, flow.Family, flow.Reason);
        if (_kinds.TryGetValue(kind, out var repeats))
        {
            repeats.First ??= flow;
            repeats.Count += flow.Count;
            return;
        }
        if (_kinds.Count < MaxKinds) _kinds[kind] = new Repeats();
        tell(flow);
    }

    /// <summary>Tells the repeats if the second is over.</summary>
    public void Advance(DateTimeOffset now)
    {
        // A clock that was set back must not keep anything waiting.
        if (_ends is not { } ends || (now < ends && now >= ends - Length)) return;
        foreach (var repeats in _kinds.Values)
            if (repeats.First is { } first) tell(first with { Count = repeats.Count });
        _kinds.Clear();
        _ends = null;
    }

    private readonly record struct FlowKind(FlowVerdict Verdict, string? From, string? To, string? Protocol, int Port,
        string? Family, string? Reason);

    private sealed class Repeats
    {
        public ObservedFlow? First;
        public long Count;
    }
}
