using System.Collections.Concurrent;

namespace Dataplane.Control.Sources;

/// <summary>
/// Asks file systems, which may never answer (a server that is gone), on a thread that nothing else needs. A question
/// without an answer keeps its thread, and the next one gets a new thread. For one caller at a time.
/// </summary>
internal sealed class PatientReader(TimeProvider time) : IDisposable
{
    /// <summary>Questions without an answer, each of which keeps a thread.</summary>
    public const int MaxUnanswered = 32;

    private readonly Dictionary<string, (Task Answer, DateTimeOffset Since)> _unanswered = [];
    private BlockingCollection<Action>? _questions;
    private int _lost;

    /// <summary>
    /// Asks, unless the same question is still without an answer; where the answer has come since, it is given.
    /// </summary>
    /// <param name="about">The path that is asked about. It names the question.</param>
    /// <exception cref="IOException">There is no answer within <paramref name="patience"/>, or what
    /// <paramref name="question"/> throws.</exception>
    public async Task<T> Ask<T>(string about, Func<T> question, TimeSpan patience)
    {
        if (_unanswered.TryGetValue(about, out var earlier))
        {
            if (!earlier.Answer.IsCompleted) throw Unanswered(earlier.Since);
            _unanswered.Remove(about);
            return await (Task<T>)earlier.Answer;
        }
        if (Volatile.Read(ref _lost) >= MaxUnanswered)
            throw new IOException($"not looked at: {MaxUnanswered} others do not answer");
        var (answer, since) = (Begin(question), time.GetUtcNow());
        try
        {
            return await answer.WaitAsync(patience);
        }
        catch (TimeoutException) when (!answer.IsCompleted)
        {
            _unanswered[about] = (answer, since);
            Interlocked.Increment(ref _lost);
            _ = answer.ContinueWith(_ => Interlocked.Decrement(ref _lost), TaskScheduler.Default);
            // Its thread ends with this question, if that ever ends.
            _questions!.CompleteAdding();
            _questions = null;
            throw Unanswered(since);
        }
    }

    /// <summary>Asks anew about what has been away meanwhile.</summary>
    public void Forget(Func<string, bool> isAway)
    {
        foreach (var about in _unanswered.Keys.Where(isAway).ToList()) _unanswered.Remove(about);
    }

    public void Dispose() => _questions?.CompleteAdding();

    private Task<T> Begin<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _questions ??= NewThread();
        _questions.Add(() =>
        {
            try
            {
                answer.SetResult(question());
            }
            catch (Exception e)
            {
                answer.SetException(e);
            }
        });
        return answer.Task;
    }

    private static BlockingCollection<Action> NewThread()
    {
        var questions = new BlockingCollection<Action>();
        // In the background: it keeps no process alive.
        new Thread(() =>
        {
            foreach (var question in questions.GetConsumingEnumerable()) question();
        }) { IsBackground = true, Name = "reader" }.Start();
        return questions;
    }

    private static IOException Unanswered(DateTimeOffset since) =>
        new($"reading it does not answer, since {since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
}
