using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Dataplane.Daemon.Api;

namespace Dataplane.Bench;

/// <summary>The published daemon as a process, and an open connection to it.</summary>
internal sealed class BenchDaemon : IDisposable
{
    private readonly Process _process;
    private readonly HttpClient _client;

    /// <param name="directory">For its socket and its state.</param>
    /// <param name="node">The node's name.</param>
    public BenchDaemon(string directory, string node, params string[] options)
    {
        var socket = Path.Combine(directory, "run", "dataplane.sock");
        using var ready = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 120_000 };
        var notify = Path.Combine(directory, $"notify-{Guid.NewGuid():N}");
        ready.Bind(new UnixDomainSocketEndPoint(notify));
        var started = Stopwatch.GetTimestamp();
        _process = Process.Start(new ProcessStartInfo(Program, ["daemon", "--node-name", node, "--socket", socket, "--state-dir", Path.Combine(directory, "state"), .. options])
        {
            RedirectStandardError = true, Environment = { ["NOTIFY_SOCKET"] = notify },
        })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        var buffer = new byte[4096];
        while (!Encoding.UTF8.GetString(buffer, 0, ready.Receive(buffer)).Contains("READY=1", StringComparison.Ordinal))
        {
        }
        ReadyAfter = Stopwatch.GetElapsedTime(started);
        _client = UnixHttp.Client(socket, TimeSpan.FromMinutes(5));
    }

    /// <summary>Published, from the directory the benchmark is run in.</summary>
    public static string Program { get; } = Path.GetFullPath("out/dataplane");

    /// <summary>From its start to READY=1.</summary>
    public TimeSpan ReadyAfter { get; }

    /// <summary>MiB.</summary>
    public long Resident
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 >> 20;
        }
    }

    public void Apply(string file, string text) => Post(ApiPaths.Apply, new ApplyRequest([new ManifestFile(file, text)]), ApiJson.Default.ApplyRequest);

    public void Delete(string kind, string name) => Post(ApiPaths.Delete, new DeleteRequest { Objects = [new ObjectReference(kind, name)] }, ApiJson.Default.DeleteRequest);

    /// <summary>As the kernel does when memory runs out.</summary>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _client.Dispose();
    }

    private void Post<T>(string path, T request, JsonTypeInfo<T> type)
    {
        using var response = _client.PostAsJsonAsync(path, request, type).GetAwaiter().GetResult();
        var body = response.Content.ReadAsStringAsync().GetAwaiter().GetResult();
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException(body);
    }
}
