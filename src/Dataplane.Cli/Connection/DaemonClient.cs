using System.Text.Json.Serialization.Metadata;
using Dataplane.Api.Client;
using Dataplane.Cli.Diagnostics;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Connection;

/// <summary>Asks the daemon and waits. Every failure is a <see cref="CommandFailure"/> that says what to do.</summary>
/// <param name="offline">What the user can do instead where no daemon answers; null: nothing.</param>
internal sealed class DaemonClient(Shell shell, string socket, string? offline) : IDisposable
{
    private ApiClient? _client;

    /// <summary>
    /// How long a command waits for an answer; null: without limit. A daemon that dies ends the wait.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The files that the user gave, so that the daemon's diagnostics show their lines.</summary>
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

    /// <summary>An answer without an end, or that is no JSON. Read it inside <see cref="Guard"/>.</summary>
    public Stream Open(string path, CancellationToken stop = default) => Wait(() => Client.OpenAsync(path, stop));

    /// <summary>As <see cref="Open(string, CancellationToken)"/>, for a question that takes a body.</summary>
    public Stream Open<TRequest>(
        string path, TRequest request, JsonTypeInfo<TRequest> requestType, CancellationToken stop = default) =>
        Wait(() => Client.OpenAsync(path, request, requestType, stop));

    /// <summary>Runs what reads an open answer.</summary>
    /// <exception cref="CommandFailure">The daemon ended in the middle of its answer.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
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
                DiagnosticPages.Write(
                    shell.Error, shell.ErrorColours, DiagnosticData.FromDaemon(problem.Diagnostics), Sources);
            throw new CommandFailure(e.ExitCode, e.Failure switch
            {
                ApiFailure.NoDaemon when offline is not null => $"{e.Message}, or {offline}",
                ApiFailure.UnknownPath => $"{e.Message}, {ProgramVersion.Text}",
                _ => e.Message,
            });
        }
    }
}
