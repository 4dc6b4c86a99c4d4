using System.Runtime.InteropServices;

namespace Dataplane.Cli.Terminal;

/// <summary>
/// Handles Ctrl-C, SIGTERM and SIGHUP until it is disposed: the first signal cancels the token, the second one has its
/// default effect.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;

    public Interruption() => _signals =
        [
            .. from signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP]
            select PosixSignalRegistration.Create(signal, Stop)
        ];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _source.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}
