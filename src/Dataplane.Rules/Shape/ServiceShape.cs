using Dataplane.Services.Tables;

namespace Dataplane.Rules.Shape;

/// <summary>
/// What the rules need to know of Services: a node without any has no rules for them, and each timeout of session
/// affinity needs rules of its own.
/// </summary>
/// <param name="Any">Whether there are Services, or have been.</param>
/// <param name="AffinitySeconds">The timeouts, each once, in ascending order.</param>
public sealed record ServiceShape(bool Any, IReadOnlyList<int> AffinitySeconds)
{
    public static readonly ServiceShape None = new(false, []);

    public static ServiceShape Of(ServiceTable table) => None.With(table);

    /// <summary>
    /// The shape for the content of a table or of a change as well; this one if it suffices. It only grows, so rules
    /// change rarely.
    /// </summary>
    public ServiceShape With(ServiceTable table)
    {
        var any = Any || table.Frontends.Count > 0 || table.Refused.Count > 0;
        var seconds = table.Pools.Select(p => p.AffinitySeconds).OfType<int>().Except(AffinitySeconds).ToList();
        return any == Any && seconds.Count == 0 ? this : new(any, [.. AffinitySeconds.Concat(seconds).Order()]);
    }
}
