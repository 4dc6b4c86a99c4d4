namespace Dataplane.Kubernetes.Loading;

/// <summary>The same for many things.</summary>
public static class Concurrent
{
    /// <summary>Fewer than that are not worth waking another thread.</summary>
    private const int Many = 64;

    /// <summary>What <paramref name="action"/> makes of each, in their order; of many, on all processors.</summary>
    /// <exception cref="Exception">What <paramref name="action"/> threw, for the first where it did.</exception>
    public static TOut[] Map<TIn, TOut>(IReadOnlyList<TIn> items, Func<TIn, TOut> action)
    {
        if (items.Count < Many)
        {
            return [.. items.Select(action)];
        }
        var results = new TOut[items.Count];
        var failures = new Exception?[items.Count];
        Parallel.For(0, items.Count, i =>
        {
            try
            {
                results[i] = action(items[i]);
            }
            catch (Exception e)
            {
                failures[i] = e;
            }
        });
        if (Array.Find(failures, f => f is not null) is { } failure)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
        return results;
    }
}
