using System.Diagnostics;
using Dataplane.Node.Verification;

namespace Dataplane.Cli.Terminal;

/// <summary>
/// Progress on stderr after the first second: on a terminal one line that is rewritten, otherwise a line for each phase
/// and each tenth of it. It runs on the working thread, because no thread may start while a namespace is entered.
/// </summary>
internal sealed class ProgressLine(Shell shell) : IProgress<VerifyProgress>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1), Refresh = TimeSpan.FromMilliseconds(100);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _shownAt;
    private (string Phase, int Tenth) _shown;
    private bool _dirty;

    public void Report(VerifyProgress value)
    {
        var now = _clock.Elapsed;
        if (now < Patience) return;
        if (shell.ErrorIsTerminal)
        {
            if (_dirty && now - _shownAt < Refresh) return;
            shell.Error.ClearLine();
            shell.Error.Write($"{Text(value)}");
            _dirty = true;
        }
        else
        {
            var step = (value.Phase, value.Total > 0 ? 10 * value.Done / value.Total : 0);
            if (step == _shown) return;
            _shown = step;
            shell.Error.WriteLine($"{Text(value)}  {now.TotalSeconds:0.0} s");
        }
        _shownAt = now;
    }

    public void Dispose()
    {
        if (_dirty) shell.Error.ClearLine();
    }

    private static string Text(VerifyProgress value) =>
        value.Total > 0 ? $"{value.Phase}  {value.Done}/{value.Total}" : value.Phase;
}
