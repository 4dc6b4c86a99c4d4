using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Daemon.KubernetesApi.Streams;

/// <summary>
/// The end of a pipe, or of a terminal, that holds no thread while it waits: .NET's sockets take any descriptor that
/// epoll(7) does.
/// </summary>
internal sealed class ProgramStream : IDisposable
{
    private readonly Socket _socket;

    /// <param name="end">It is this stream's from now on.</param>
    public ProgramStream(SafeFileHandle end)
    {
        _socket = new Socket(new SafeSocketHandle(end.DangerousGetHandle(), ownsHandle: true));
        end.SetHandleAsInvalid();
    }

    public SafeSocketHandle Handle => _socket.SafeHandle;

    /// <summary>Bytes that can be read without waiting.</summary>
    public int Available => _socket.Available;

    /// <returns>0: nobody writes any more.</returns>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken stop)
    {
        try
        {
            return await _socket.ReceiveAsync(buffer, stop);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // EIO: a terminal that no program has open.
            return 0;
        }
    }

    /// <returns>False: nobody reads any more.</returns>
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        try
        {
            while (!bytes.IsEmpty) bytes = bytes[await _socket.SendAsync(bytes, stop)..];
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    public void Dispose() => _socket.Dispose();
}
