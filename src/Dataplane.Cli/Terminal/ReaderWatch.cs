using Dataplane.Linux.Files;

namespace Dataplane.Cli.Terminal;

/// <summary>
/// Tells when the reader of standard output is gone, also while nothing is written: `dataplane flows -f | head`. Until
/// it is disposed.
/// </summary>
internal sealed class ReaderWatch : IDisposable
{
    private const int StandardOutput = 1;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly Thread _thread;
    private volatile bool _stopping;

    public ReaderWatch(Action gone)
    {
        _thread = new Thread(() =>
        {
            while (!_stopping)
            {
                if (!PipeEnd.AwaitClosed(StandardOutput, Step)) continue;
                gone();
                return;
            }
        }) { IsBackground = true, Name = "reader of stdout" };
        _thread.Start();
    }

    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
    }
}
