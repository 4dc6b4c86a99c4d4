using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Dataplane.Daemon.Host;

/// <summary>
/// Notifies systemd, sd_notify(3): datagrams to the socket that NOTIFY_SOCKET names. Without one it does nothing.
/// </summary>
internal sealed class ServiceManager : IDisposable
{
    private readonly Socket? _socket;

    /// <param name="address">A path, or <c>@</c> and an abstract name; null: there is no service manager.</param>
    /// <param name="watchdogMicroseconds">WATCHDOG_USEC; null or no number: no watchdog.</param>
    public ServiceManager(string? address, string? watchdogMicroseconds)
    {
        if (long.TryParse(watchdogMicroseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit > 0)
        {
            Watchdog = TimeSpan.FromMicroseconds(limit);
        }
        if (string.IsNullOrEmpty(address)) return;
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        _socket.Connect(new UnixDomainSocketEndPoint(address[0] == '@' ? '\0' + address[1..] : address));
    }

    /// <exception cref="SocketException">NOTIFY_SOCKET is no socket.</exception>
    public static ServiceManager OfThisProcess() =>
        new(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), Environment.GetEnvironmentVariable("WATCHDOG_USEC"));

    /// <summary>systemd ends the daemon when it hears nothing for this long; null: never.</summary>
    public TimeSpan? Watchdog { get; }

    public void Ready(string status) => Say($"READY=1\nSTATUS={status}");

    public void Alive() => Say("WATCHDOG=1");

    /// <param name="microseconds">CLOCK_MONOTONIC, as Type=notify-reload requires.</param>
    public void Reloading(long microseconds) =>
        Say($"RELOADING=1\nMONOTONIC_USEC={microseconds.ToString(CultureInfo.InvariantCulture)}");

    public void Stopping() => Say("STOPPING=1");

    public void Dispose() => _socket?.Dispose();

    private void Say(string message)
    {
        try
        {
            _socket?.Send(Encoding.UTF8.GetBytes(message));
        }
        catch (SocketException)
        {
            // systemd does not listen any more: no reason to stop enforcing.
        }
    }
}
