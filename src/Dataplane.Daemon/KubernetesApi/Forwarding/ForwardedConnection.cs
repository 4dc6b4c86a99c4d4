using System.Buffers;
using System.Net.Sockets;
using Dataplane.ApiMachinery.Spdy;

namespace Dataplane.Daemon.KubernetesApi.Forwarding;

/// <summary>Copies between a stream and a socket, each way until its own end.</summary>
internal static class ForwardedConnection
{
    private const int Piece = 32 << 10;

    /// <exception cref="IOException">One side broke.</exception>
    /// <exception cref="SocketException">The socket broke.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/>.</exception>
    public static async Task CopyAsync(SpdyStream stream, Socket socket, CancellationToken stop)
    {
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAll(Or(broken, UpAsync(stream, socket, broken.Token)),
            Or(broken, DownAsync(stream, socket, broken.Token)));
    }

    /// <summary>Where one way breaks, the other has no use.</summary>
    private static async Task Or(CancellationTokenSource broken, Task way)
    {
        try
        {
            await way;
        }
        catch
        {
            await broken.CancelAsync();
            throw;
        }
    }

    private static async Task UpAsync(SpdyStream stream, Socket socket, CancellationToken stop)
    {
        await using var output = new NetworkStream(socket, FileAccess.Write, ownsSocket: false);
        await stream.Input.CopyToAsync(output, stop);
        socket.Shutdown(SocketShutdown.Send);
    }

    private static async Task DownAsync(SpdyStream stream, Socket socket, CancellationToken stop)
    {
        var piece = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            while (await socket.ReceiveAsync(piece.AsMemory(0, Piece), stop) is > 0 and var read)
                await stream.WriteAsync(piece.AsMemory(0, read), stop);
            await stream.FinishAsync(stop);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
