using System.Net.Sockets;
using Dataplane.Supervisor.Pods;

namespace Dataplane.Supervisor.Serving;

/// <summary>The socket of the supervisor: root's alone.</summary>
internal sealed class SupervisorServer : IDisposable
{
    /// <summary>At a time; another one waits for its answer until one has ended.</summary>
    private const int MostConnections = 16;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly SemaphoreSlim _places = new(MostConnections);
    private readonly EventLoop _loop;
    private readonly Pods.Supervisor _supervisor;
    private readonly string _path;

    /// <summary>Of the thread of the loop.</summary>
    private readonly HashSet<SupervisorConnection> _connections = [];

    /// <param name="path">What is there is replaced: nobody else has the directory.</param>
    /// <exception cref="SocketException">The path is too long, or its directory is missing.</exception>
    public SupervisorServer(EventLoop loop, Pods.Supervisor supervisor, string path)
    {
        (_loop, _supervisor, _path) = (loop, supervisor, path);
        File.Delete(path);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, OwnerOnly);
        supervisor.Changed = report =>
        {
            foreach (var connection in _connections) connection.Reports.Add(report);
        };
    }

    public void Start()
    {
        _listener.Listen();
        _ = AcceptAsync();
    }

    public void Dispose()
    {
        File.Delete(_path);
        _listener.Dispose();
        _places.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            await _places.WaitAsync();
            try
            {
                _ = ServeAsync(await _listener.AcceptAsync());
            }
            catch (SocketException e) when (e.SocketErrorCode != SocketError.OperationAborted)
            {
                // The client is gone already, or descriptors are short: others end meanwhile.
                _places.Release();
                await Task.Yield();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            using var connection = new SupervisorConnection(socket, _loop, _supervisor);
            if (!connection.IsTrusted) return;
            // From here on every change is told: what is told twice is the latest all the same.
            var first = await _loop.AskAsync(() =>
            {
                _connections.Add(connection);
                return _supervisor.All();
            });
            await connection.RunAsync(first);
            await _loop.AskAsync(() => _connections.Remove(connection));
        }
        finally
        {
            _places.Release();
        }
    }
}
