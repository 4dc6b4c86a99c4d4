using System.Text.Json.Serialization.Metadata;
using Dataplane.Api.Client;
using Dataplane.Cli.Diagnostics;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Connection;

/// <summary>Sends requests to the daemon. Every failure is a <see cref="CommandFailure"/> with a remedy.</summary>
/// <param name="offline">The alternative if no daemon answers, for messages; null if there is none.</param>
internal sealed class DaemonClient(Shell shell, string socket, string? offline) : IDisposable
{
    private ApiClient? _client;

    /// <summary>Time limit for an answer; null for no limit. The end of the daemon ends the wait.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The user's files, whose lines are shown with the daemon's diagnostics.</summary>
    public IReadOnlyDictionary<string, SourceText> Sources { get; set; } = new Dictionary<string, SourceText>();

    private ApiClient Client => _client ??= new ApiClient(socket) { Timeout = Timeout };

    public T Get<T>(string path, JsonTypeInfo<T> type, CancellationToken stop = default) =>
        Wait(() => Client.GetAsync(path, type, stop));

    public T Post<TRequest, T>(
        string path,
        TRequest request,
        JsonTypeInfo<TRequest> requestType,
        JsonTypeInfo<T> type,
        CancellationToken stop = default) =>
        Wait(() => Client.PostAsync(path, request, requestType, type, stop));

    /// <summary>Opens an answer that is a stream or is not JSON; it must be read inside <see cref="Guard"/>.</summary>
    public Stream Open(string path, CancellationToken stop = default) => Wait(() => Client.OpenAsync(path, stop));

    /// <summary>As <see cref="Open(string, CancellationToken)"/>, for a request with a body.</summary>
    public Stream Open<TRequest>(
        string path, TRequest request, JsonTypeInfo<TRequest> requestType, CancellationToken stop = default) =>
        Wait(() => Client.OpenAsync(path, request, requestType, stop));

    /// <summary>Runs an operation that reads an open answer.</summary>
    /// <exception cref="CommandFailure">The daemon ended before its answer was complete.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public T Guard<T>(Func<Task<T>> read, CancellationToken stop) => Wait(() => Client.GuardAsync(read, stop));

    public void Dispose() => _client?.Dispose();

    private T Wait<T>(Func<Task<T>> ask)
    {
        try
        {
            return ask().GetAwaiter().GetResult();
        }
        catch (ApiException e)
        {
            if (e.Problem is { } problem)
            {
                DiagnosticPages.Write(
                    shell, DiagnosticData.FromDaemon(problem.Diagnostics), Sources, Remarks.Default);
            }
            throw new CommandFailure(e.ExitCode, e.Failure switch
            {
                ApiFailure.NoDaemon when offline is not null => $"{e.Message}, or {offline}",
                // The findings above say why.
                _ when e.Problem?.Diagnostics.Count(d => d.Severity == "error") is > 0 and var errors =>
                    $"{Words.Count(errors, "error")}: nothing was changed",
                ApiFailure.UnknownPath => $"{e.Message}, {ProgramVersion.Text}",
                _ => e.Message,
            });
        }
    }
}
