using System.Net.Sockets;

namespace Dataplane.Dns.Feeding;

/// <summary>Takes one connection after the other, whatever became of some.</summary>
internal static class Acceptor
{
    /// <summary>Until others end, where descriptors or memory are short: to ask again at once costs a CPU.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <returns>Null: the listener is closed.</returns>
    public static async Task<Socket?> NextAsync(Socket listener)
    {
        while (true)
        {
            try
            {
                // The synchronous Accept closes descriptor 0 when it fails.
                return await listener.AcceptAsync();
            }
            catch (SocketException e) when (e.SocketErrorCode
                is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
            {
                await Task.Delay(Pause);
            }
            catch (SocketException e) when (e.SocketErrorCode != SocketError.OperationAborted)
            {
                // The client is gone already.
                await Task.Yield();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return null;
            }
        }
    }
}
