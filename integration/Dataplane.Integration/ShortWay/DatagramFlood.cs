using System.Diagnostics;
using System.Net.Sockets;

namespace Dataplane.Integration.ShortWay;

/// <summary>Sends datagrams as fast as it can; each has the time at which it was sent.</summary>
internal sealed class DatagramFlood : IDisposable
{
    private readonly Thread _thread;
    private long _sent;
    private volatile bool _isOver;

    public DatagramFlood(Socket socket)
    {
        _thread = new Thread(() =>
        {
            var message = new byte[sizeof(long)];
            while (!_isOver)
            {
                BitConverter.TryWriteBytes(message, Stopwatch.GetTimestamp());
                try
                {
                    socket.Send(message);
                }
                catch (SocketException)
                {
                    // The error of an earlier packet.
                }
                Interlocked.Increment(ref _sent);
            }
        });
        _thread.Start();
    }

    /// <summary>Comes back when this many have been sent since it was called.</summary>
    public void Await(int count)
    {
        var from = Interlocked.Read(ref _sent);
        Assert.True(SpinWait.SpinUntil(() => Interlocked.Read(ref _sent) > from + count, PodSocket.Patience));
    }

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
    }
}
