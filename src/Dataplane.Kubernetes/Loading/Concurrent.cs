namespace Dataplane.Kubernetes.Loading;

/// <summary>Applies a function to the items of a list on several processors.</summary>
public static class Concurrent
{
    /// <summary>Fewer items than this are mapped by the calling thread alone.</summary>
    private const int Many = 64;

    /// <summary>The results in the order of the items.</summary>
    /// <exception cref="Exception">Thrown by <paramref name="action"/>: that of the first item for which it
    /// throws.</exception>
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
