using System.Collections.Concurrent;

namespace Dataplane.Supervisor.Pods;

/// <summary>What has happened, on its way to the one thread that everything here belongs to.</summary>
internal sealed class EventLoop : IDisposable
{
    private readonly BlockingCollection<Action> _events = [];

    /// <summary>Done by the thread, in the order of the calls. Safe from anywhere.</summary>
    public void Post(Action action) => _events.Add(action);

    /// <summary>As <see cref="Post"/>; waits for the result.</summary>
    public Task<T> AskAsync<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                answer.SetResult(question());
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                answer.SetException(e);
            }
        });
        return answer.Task;
    }

    /// <summary>Does what has happened, and waits for it if there is nothing.</summary>
    /// <param name="wait">At most.</param>
    public void Turn(TimeSpan wait)
    {
        if (!_events.TryTake(out var action, wait)) return;
        do
        {
            action();
        }
        while (_events.TryTake(out action));
    }

    public void Dispose() => _events.Dispose();
}
