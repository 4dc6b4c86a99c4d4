using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Serialization.Metadata;
using Dataplane.Api;
using Dataplane.Daemon;
using Dataplane.Daemon.Configuration;
using Dataplane.Daemon.NameServing;
using Dataplane.Node.Layout;
using Dataplane.Node.Live;
using Microsoft.Extensions.Logging;

namespace Dataplane.Integration.Daemon;

/// <summary>
/// A daemon in this process, with a node, a socket and a state of its own, and a client of it. All of it goes with the
/// test.
/// </summary>
internal sealed class RunningDaemon : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly TempDirectory _directory = new();
    private readonly string _node = RunName.Next();
    private CancellationTokenSource _stop = new();
    private Task<int> _run = Task.FromResult(0);

    private RunningDaemon() => Client = NewClient();

    public HttpClient Client { get; }

    public string Socket => _directory["run/s"];

    public string StateDirectory => _directory["state"];

    public DaemonOptions Options =>
        new()
        {
            NodeName = _node, Socket = Socket, StateDirectory = _directory.Path, LogLevel = LogLevel.Critical,
            Program = Path.Combine(AppContext.BaseDirectory, "dataplane"),
        };

    public string Manifests => _directory["manifests"];

    public string Node => _node;

    public static async Task<RunningDaemon> Start(Func<DaemonOptions, DaemonOptions>? change = null)
    {
        var daemon = new RunningDaemon();
        Directory.CreateDirectory(daemon.Manifests);
        try
        {
            await daemon.StartAgain(change);
            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    /// <summary>With its manifest directory, which is empty.</summary>
    public static async Task<RunningDaemon> StartWatching()
    {
        var daemon = await Start();
        await daemon.Stop();
        await daemon.StartAgain(o => o with { ManifestDirectory = daemon.Manifests });
        return daemon;
    }

    public async Task StartAgain(Func<DaemonOptions, DaemonOptions>? change = null)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _stop = new CancellationTokenSource();
        _run = Task.Run(() => DaemonHost.RunAsync(change?.Invoke(Options) ?? Options, ready.SetResult, _stop.Token));
        await await Task.WhenAny(ready.Task, _run).WaitAsync(Limit);
    }

    public async Task Stop()
    {
        await _stop.CancelAsync();
        Assert.Equal(0, await _run.WaitAsync(Limit));
    }

    /// <summary>With a connection of its own.</summary>
    public HttpClient NewClient() => UnixHttp.Client(Socket, Limit);

    public Task<Socket> Connect(CancellationToken stop = default) => UnixHttp.Connect(Socket, stop);

    public async Task<T> Get<T>(string path, JsonTypeInfo<T> type)
        where T : class => (await Client.GetFromJsonAsync(path, type))!;

    public Task<StatusResponse> Status() => Get(ApiPaths.Status, ApiJson.Default.StatusResponse);

    public Task<StateResponse> State() => Get(ApiPaths.State, ApiJson.Default.StateResponse);

    public async Task<ChangeResponse> Apply(ApplyRequest request, HttpClient? client = null)
    {
        using var answer = await Post(ApiPaths.Apply, request, ApiJson.Default.ApplyRequest, client);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync(ApiJson.Default.ChangeResponse))!;
    }

    public Task<ChangeResponse> Apply(string file, params string[] documents) => Apply(Request(file, documents));

    public async Task<ChangeResponse> Delete(string kind, string name)
    {
        using var answer = await Post(ApiPaths.Delete,
            new DeleteRequest { Objects = [new ObjectReference(kind, name)] }, ApiJson.Default.DeleteRequest);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync(ApiJson.Default.ChangeResponse))!;
    }

    /// <summary>What is refused, and how.</summary>
    public async Task<Problem> Refused<T>(string path, T request, JsonTypeInfo<T> type)
    {
        using var answer = await Post(path, request, type);
        return await ProblemOf(answer);
    }

    public static async Task<Problem> ProblemOf(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = (await answer.Content.ReadFromJsonAsync(ApiJson.Default.Problem))!;
        Assert.Equal((int)answer.StatusCode, problem.Status);
        return problem;
    }

    public static ApplyRequest Request(string file, params string[] documents) =>
        new([new ManifestFile(file, string.Join("---\n", documents))]);

    public Task<HttpResponseMessage> Post<T>(string path, T request, JsonTypeInfo<T> type, HttpClient? client = null) =>
        (client ?? Client).PostAsync(path, JsonContent.Create(request, type));

    /// <summary>Asks again and again, until it is so.</summary>
    public static async Task Until(Func<Task<bool>> isSo, string what)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            while (!await isSo()) await timer.WaitForNextTickAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"still not so: {what}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _stop.CancelAsync();
            // How it ended is the test's business, where it matters.
            await Task.WhenAny(_run, Task.Run(() => _run.Wait(Limit)));
        }
        finally
        {
            Client.Dispose();
            NameServerFiles.End(_node);
            NetnsFiles.RemoveAll(_node);
            LiveNode.Destroy(_node);
            _directory.Dispose();
        }
    }
}
