using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dataplane.Cli.Diagnostics;
using Dataplane.Cli.Terminal;
using Dataplane.Daemon.Api;
using Dataplane.Kubernetes.Text;
namespace Dataplane.Cli.Connection;

/// <summary>Asks the daemon. Whatever goes wrong is a <see cref="CommandFailure"/> that says what to do.</summary>
/// <param name="offline">What the user can do instead where no daemon answers; null: nothing.</param>
internal sealed class DaemonClient(Shell shell, string socket, string? offline) : IDisposable
{
    private HttpClient? _http;

    /// <summary>For an answer; null: for ever. A daemon that dies ends the wait.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What the user has given, so that the daemon's diagnostics show the lines they are about.</summary>
    public IReadOnlyDictionary<string, SourceText> Sources { get; set; } = new Dictionary<string, SourceText>();

    public T Get<T>(string path, JsonTypeInfo<T> type, CancellationToken stop = default) =>
        Ask(new HttpRequestMessage(HttpMethod.Get, path), type, stop);

    public T Post<TRequest, T>(string path, TRequest request, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<T> type, CancellationToken stop = default) =>
        Ask(new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(request, requestType) }, type, stop);

    /// <summary>An answer without an end, or that is no JSON. Reading it may fail as <see cref="Guard"/> tells.</summary>
    public Stream Open(string path, CancellationToken stop = default) => Open(new HttpRequestMessage(HttpMethod.Get, path), stop);

    /// <summary>As <see cref="Open(string, CancellationToken)"/>, for a question that takes a body.</summary>
    public Stream Open<TRequest>(string path, TRequest request, JsonTypeInfo<TRequest> requestType, CancellationToken stop = default) =>
        Open(new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(request, requestType) }, stop);

    private Stream Open(HttpRequestMessage request, CancellationToken stop) => Guard(async () =>
    {
        var response = await Send(request, stop);
        return await response.Content.ReadAsStreamAsync(stop);
    }, stop);

    /// <summary>Turns what reading an open answer throws into what a user understands.</summary>
    /// <exception cref="CommandFailure">The daemon ended in the middle of its answer.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public T Guard<T>(Func<Task<T>> read, CancellationToken stop)
    {
        try
        {
            return read().GetAwaiter().GetResult();
        }
        catch (HttpRequestException e) when (e.InnerException is CommandFailure failure)
        {
            throw failure;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new CommandFailure(ExitCodes.Undecided, $"the daemon has not answered within {Timeout?.TotalSeconds:0.###} s; what it was asked for may still happen");
        }
        catch (JsonException e)
        {
            throw new CommandFailure(ExitCodes.Internal, $"the daemon's answer cannot be read: {e.Message}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !stop.IsCancellationRequested)
        {
            throw new CommandFailure(ExitCodes.NoAccess,
                $"the daemon at {socket} ended the connection before its answer was complete; what was asked for may have happened. See its log: journalctl -u dataplane");
        }
    }

    public void Dispose() => _http?.Dispose();

    private T Ask<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken stop)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (Timeout is { } timeout) limited.CancelAfter(timeout);
        return Guard(async () =>
        {
            using var response = await Send(request, limited.Token);
            return await response.Content.ReadFromJsonAsync(type, limited.Token) ?? throw new JsonException("it is null");
        }, stop);
    }

    private async Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken stop)
    {
        _http ??= new HttpClient(new SocketsHttpHandler { ConnectCallback = Connect, UseProxy = false })
        {
            BaseAddress = new Uri("http://dataplane"),
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        };
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        if (response.IsSuccessStatusCode) return response;
        using (response) throw await Refusal(request, response, stop);
    }

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        UnixDomainSocketEndPoint place;
        try
        {
            place = new UnixDomainSocketEndPoint(socket);
        }
        catch (ArgumentException)
        {
            throw new CommandFailure(ExitCodes.Usage, $"{socket}: cannot be the path of a socket, which has 1 to 107 bytes");
        }
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(place, stop);
            return new NetworkStream(connection, ownsSocket: true);
        }
        catch (SocketException e)
        {
            connection.Dispose();
            throw NoConnection(e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private CommandFailure NoConnection(SocketException e) => new(ExitCodes.NoAccess, e.SocketErrorCode == SocketError.AccessDenied
        ? $"no permission to talk to the daemon at {socket}: that takes root, or a member of the groups that the daemon was given with --admin-group (everything) or --read-group (questions only)"
        : $"no daemon answers at {socket}; start it with: sudo dataplane daemon{(offline is null ? "" : $", or {offline}")}");

    /// <summary>Says the problem's diagnostics; the rest is the failure's to say.</summary>
    private async Task<CommandFailure> Refusal(HttpRequestMessage request, HttpResponseMessage response, CancellationToken stop)
    {
        if (response.Content.Headers.ContentType is not MediaTypeHeaderValue { MediaType: "application/problem+json" })
            return response.StatusCode == HttpStatusCode.NotFound ? OtherVersion() : new CommandFailure(ExitCodes.NoAccess, $"the daemon at {socket} answered HTTP {(int)response.StatusCode} and gave no reason");
        var problem = await response.Content.ReadFromJsonAsync(ApiJson.Default.Problem, stop) ?? throw new JsonException("it is null");
        if (problem.Type.EndsWith(":no-such-path", StringComparison.Ordinal)) return OtherVersion();
        DiagnosticPages.Write(shell.Error, shell.ErrorColours, DiagnosticData.FromDaemon(problem.Diagnostics), Sources);
        return new CommandFailure(problem.ExitCode is > 0 and < 256 ? problem.ExitCode : ExitCodes.Internal, problem.Detail ?? problem.Title);

        CommandFailure OtherVersion() => new(ExitCodes.NoAccess,
            $"the daemon at {socket} does not know {request.RequestUri?.AbsolutePath}: it is of another version than this program, {ProgramVersion.Text}");
    }
}
