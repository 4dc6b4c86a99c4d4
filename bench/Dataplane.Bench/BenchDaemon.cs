using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using Dataplane.Api;

namespace Dataplane.Bench;

/// <summary>The published daemon as a process, and an open connection to it.</summary>
internal sealed class BenchDaemon : IDisposable
{
    private readonly NotifyingProcess _process;
    private readonly HttpClient _client;

    /// <param name="directory">For its socket and its state.</param>
    /// <param name="node">The node's name.</param>
    public BenchDaemon(string directory, string node, params string[] options)
    {
        var socket = Socket = Path.Combine(directory, "run", "dataplane.sock");
        _process = new NotifyingProcess(directory, new ProcessStartInfo(Program,
            ["daemon", "--node-name", node, "--socket", socket, "--state-dir", Path.Combine(directory, "state"),
                .. options]));
        _client = UnixHttp.Client(socket, TimeSpan.FromMinutes(5));
    }

    /// <summary>Published, from the directory the benchmark is run in.</summary>
    public static string Program { get; } = Path.GetFullPath("out/dataplane");

    public string Socket { get; }

    /// <summary>From its start to READY=1.</summary>
    public TimeSpan ReadyAfter => _process.ReadyAfter;

    /// <summary>MiB.</summary>
    public long Resident => _process.Resident;

    public void Apply(string file, string text) =>
        Post(ApiPaths.Apply, new ApplyRequest([new ManifestFile(file, text)]), ApiJson.Default.ApplyRequest);

    public void Delete(string kind, string name) => Post(ApiPaths.Delete,
        new DeleteRequest { Objects = [new ObjectReference(kind, name)] }, ApiJson.Default.DeleteRequest);

    public string Text(string path) => _client.GetStringAsync(path).GetAwaiter().GetResult();

    /// <summary>Milliseconds until the whole answer is there.</summary>
    public double Ask(string path) => Figures.Milliseconds(() =>
    {
        using var response = _client.GetAsync(path).GetAwaiter().GetResult();
        response.EnsureSuccessStatusCode();
    });

    public void Dispose()
    {
        _client.Dispose();
        _process.Dispose();
    }

    private void Post<T>(string path, T request, JsonTypeInfo<T> type)
    {
        using var response = _client.PostAsJsonAsync(path, request, type).GetAwaiter().GetResult();
        var body = response.Content.ReadAsStringAsync().GetAwaiter().GetResult();
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException(body);
    }
}
