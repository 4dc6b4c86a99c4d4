using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Dataplane.Daemon.Host;

/// <summary>What systemd wants to hear, sd_notify(3): datagrams to the socket that NOTIFY_SOCKET names. Without one, nothing is said.</summary>
internal sealed class ServiceManager : IDisposable
{
    private readonly Socket? _socket;

    /// <param name="address">A path, or an abstract name behind <c>@</c>; null: nobody listens.</param>
    /// <param name="watchdogMicroseconds">WATCHDOG_USEC; null or no number: no watchdog.</param>
    public ServiceManager(string? address, string? watchdogMicroseconds)
    {
        if (long.TryParse(watchdogMicroseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0)
            Watchdog = TimeSpan.FromMicroseconds(limit);
        if (string.IsNullOrEmpty(address)) return;
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        _socket.Connect(new UnixDomainSocketEndPoint(address[0] == '@' ? '\0' + address[1..] : address));
    }

    /// <exception cref="SocketException">NOTIFY_SOCKET is no socket.</exception>
    public static ServiceManager OfThisProcess() =>
        new(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), Environment.GetEnvironmentVariable("WATCHDOG_USEC"));

    /// <summary>How long it may hear nothing before it kills us; null: for ever.</summary>
    public TimeSpan? Watchdog { get; }

    public void Ready(string status) => Say($"READY=1\nSTATUS={status}");

    public void Alive() => Say("WATCHDOG=1");

    /// <param name="microseconds">CLOCK_MONOTONIC, as Type=notify-reload wants it.</param>
    public void Reloading(long microseconds) => Say($"RELOADING=1\nMONOTONIC_USEC={microseconds.ToString(CultureInfo.InvariantCulture)}");

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
            // Nobody listens any more: no reason to stop enforcing.
        }
    }
}
