namespace Dataplane.Control.State;

/// <summary>What has changed about the programs in pods.</summary>
/// <param name="Ready">Pods, and whether they are ready now.</param>
/// <param name="Gone">Pods of <see cref="ProgramState.Ending"/> of which nothing runs any more.</param>
public sealed record ProgramNews(IReadOnlyDictionary<string, bool> Ready, IReadOnlySet<string> Gone)
{
    /// <summary>Both, the other one being the newer.</summary>
    public ProgramNews With(ProgramNews newer)
    {
        var ready = new Dictionary<string, bool>(Ready);
        foreach (var (pod, isReady) in newer.Ready) ready[pod] = isReady;
        return new ProgramNews(ready, Gone.Union(newer.Gone).ToHashSet());
    }
}
