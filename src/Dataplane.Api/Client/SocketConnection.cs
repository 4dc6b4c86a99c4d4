using System.Net.Sockets;

namespace Dataplane.Api.Client;

/// <summary>A connection to the daemon's unix socket.</summary>
internal static class SocketConnection
{
    /// <exception cref="ApiException">
    /// The path cannot be a socket's, nothing listens there, or this user may not connect.
    /// </exception>
    public static async ValueTask<Stream> Open(string path, CancellationToken stop)
    {
        var endPoint = EndPoint(path);
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(endPoint, stop);
            return new NetworkStream(connection, ownsSocket: true);
        }
        catch (SocketException e)
        {
            connection.Dispose();
            throw Refused(path, e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static UnixDomainSocketEndPoint EndPoint(string path)
    {
        try
        {
            return new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentException e)
        {
            throw new ApiException(ApiFailure.BadSocketPath,
                $"{path}: cannot be the path of a socket, which has 1 to {ApiPaths.MaxSocketPath} bytes", e);
        }
    }

    private static ApiException Refused(string path, SocketException e) => e.SocketErrorCode == SocketError.AccessDenied
        ? new ApiException(ApiFailure.NoPermission,
            $"no permission to talk to the daemon at {path}: that takes root, or a member of the groups that the "
            + "daemon was given with --admin-group (everything) or --read-group (questions only)", e)
        : new ApiException(ApiFailure.NoDaemon,
            $"no daemon answers at {path}; start it with: sudo dataplane daemon", e);
}
