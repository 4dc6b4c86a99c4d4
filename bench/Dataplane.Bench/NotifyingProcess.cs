using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Dataplane.Bench;

/// <summary>A program that says READY=1 to its service manager, sd_notify(3), and how long that takes it.</summary>
internal sealed class NotifyingProcess : IDisposable
{
    private const int PatienceMilliseconds = 120_000;

    private readonly Process _process;

    /// <summary>Starts the program and waits until it is ready.</summary>
    /// <param name="directory">For the socket of the service manager.</param>
    /// <exception cref="SocketException">It is not ready after two minutes.</exception>
    public NotifyingProcess(string directory, ProcessStartInfo start)
    {
        using var ready = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified)
        {
            ReceiveTimeout = PatienceMilliseconds,
        };
        var notify = Path.Combine(directory, $"notify-{Guid.NewGuid():N}");
        ready.Bind(new UnixDomainSocketEndPoint(notify));
        start.RedirectStandardError = true;
        start.Environment["NOTIFY_SOCKET"] = notify;
        var started = Stopwatch.GetTimestamp();
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        var buffer = new byte[4096];
        while (!Encoding.UTF8.GetString(buffer, 0, ready.Receive(buffer)).Contains("READY=1", StringComparison.Ordinal))
        {
        }
        ReadyAfter = Stopwatch.GetElapsedTime(started);
    }

    /// <summary>From its start to READY=1.</summary>
    public TimeSpan ReadyAfter { get; }

    /// <summary>MiB.</summary>
    public long Resident
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 >> 20;
        }
    }

    /// <summary>Kills it, as the kernel does when memory runs out.</summary>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
