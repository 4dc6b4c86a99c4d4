using System.Runtime.InteropServices;

namespace Dataplane.Cli.Terminal;

/// <summary>
/// Handles Ctrl-C, SIGTERM and SIGHUP until it is disposed: the first signal cancels the token, the second one has its
/// default effect. For a command that prints what it is told, also the end of its reader cancels the token.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;

    private readonly ReaderWatch? _reader;

    public Interruption() => _signals =
        [
            .. from signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP]
            select PosixSignalRegistration.Create(signal, Stop)
        ];

    /// <param name="streaming">Whose standard output is printed to as long as somebody reads it.</param>
    public Interruption(Shell streaming) : this() =>
        _reader = streaming.CanLoseItsReader ? new ReaderWatch(_source.Cancel) : null;

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _reader?.Dispose();
        foreach (var signal in _signals) signal.Dispose();
        _source.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}
