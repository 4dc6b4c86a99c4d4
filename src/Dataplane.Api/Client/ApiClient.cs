using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Dataplane.Api.Client;

/// <summary>
/// A client of the daemon on its unix socket. Connects at the first request. Safe for concurrent requests, each on a
/// connection of its own.
/// </summary>
/// <param name="socket">The path of the socket.</param>
public sealed class ApiClient(string socket) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectCallback = (_, stop) => SocketConnection.Open(socket, stop),
        UseProxy = false,
    })
    {
        BaseAddress = new Uri("http://dataplane"),
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
    };

    /// <summary>
    /// How long a request waits for its complete answer; null: without limit. Open answers have none.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <exception cref="ApiException">There is no answer, or it is a refusal.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken stop = default) =>
        AskAsync(new HttpRequestMessage(HttpMethod.Get, path), type, stop);

    /// <inheritdoc cref="GetAsync"/>
    public Task<T> PostAsync<TRequest, T>(
        string path, TRequest request, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<T> type,
        CancellationToken stop = default)
    {
        var content = JsonContent.Create(request, requestType);
        return AskAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content }, type, stop);
    }

    /// <summary>An answer that is no JSON or has no end. Read it inside <see cref="GuardAsync"/>.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public Task<Stream> OpenAsync(string path, CancellationToken stop = default) =>
        OpenAsync(new HttpRequestMessage(HttpMethod.Get, path), stop);

    /// <summary>As <see cref="OpenAsync(string, CancellationToken)"/>, for a request with a body.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public Task<Stream> OpenAsync<TRequest>(
        string path, TRequest request, JsonTypeInfo<TRequest> requestType, CancellationToken stop = default)
    {
        var content = JsonContent.Create(request, requestType);
        return OpenAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content }, stop);
    }

    /// <summary>
    /// Runs what reads an open answer, and turns the exceptions of the connection into <see cref="ApiException"/>.
    /// </summary>
    /// <inheritdoc cref="GetAsync"/>
    public async Task<T> GuardAsync<T>(Func<Task<T>> read, CancellationToken stop)
    {
        try
        {
            return await read();
        }
        catch (HttpRequestException e) when (e.InnerException is ApiException failure)
        {
            throw failure;
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new ApiException(ApiFailure.TimedOut,
                $"the daemon has not answered within {Timeout?.TotalSeconds:0.###} s; "
                + "what it was asked for may still happen", e);
        }
        catch (JsonException e)
        {
            throw new ApiException(ApiFailure.Unreadable, $"the daemon's answer cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !stop.IsCancellationRequested)
        {
            throw new ApiException(ApiFailure.BrokenOff,
                $"the daemon at {socket} ended the connection before its answer was complete; "
                + "what was asked for may have happened. See its log: journalctl -u dataplane", e);
        }
    }

    public void Dispose() => _http.Dispose();

    private Task<Stream> OpenAsync(HttpRequestMessage request, CancellationToken stop) => GuardAsync(async () =>
    {
        var response = await SendAsync(request, stop);
        return await response.Content.ReadAsStreamAsync(stop);
    }, stop);

    private async Task<T> AskAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken stop)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (Timeout is { } timeout) limited.CancelAfter(timeout);
        return await GuardAsync(async () =>
        {
            using var response = await SendAsync(request, limited.Token);
            return await ReadAsync(response, type, limited.Token);
        }, stop);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        if (response.IsSuccessStatusCode) return response;
        using (response) throw await RefusalAsync(request, response, stop);
    }

    private async Task<ApiException> RefusalAsync(
        HttpRequestMessage request, HttpResponseMessage response, CancellationToken stop)
    {
        if (response.Content.Headers.ContentType is not { MediaType: Problem.ContentType })
        {
            if (response.StatusCode == HttpStatusCode.NotFound) return UnknownPath();
            return new ApiException(ApiFailure.Unexplained,
                $"the daemon at {socket} answered HTTP {(int)response.StatusCode} and gave no reason");
        }
        var problem = await ReadAsync(response, ApiJson.Default.Problem, stop);
        var isUnknown = problem.Type.EndsWith(":" + Problem.NoSuchPath, StringComparison.Ordinal);
        return isUnknown ? UnknownPath() : new ApiException(problem);

        ApiException UnknownPath() => new(ApiFailure.UnknownPath,
            $"the daemon at {socket} does not know {request.RequestUri?.AbsolutePath}: "
            + "it is of another version than this program");
    }

    private static async Task<T> ReadAsync<T>(
        HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken stop) =>
        await response.Content.ReadFromJsonAsync(type, stop) ?? throw new JsonException("it is null");
}
