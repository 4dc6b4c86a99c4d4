using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Dataplane.Daemon.Api;
using Dataplane.Node.Live;
using Dataplane.Node.Network;

namespace Dataplane.Integration.Chaos;

/// <summary>
/// The real daemon as a process of its own, with a node, a socket and a state directory that nobody else has. It may be killed and
/// started again; disposing removes everything.
/// </summary>
internal sealed class DaemonProcess : IDisposable
{
    private const int Patience = 30_000;

    private readonly string _directory = Directory.CreateTempSubdirectory("dataplane-test-").FullName;
    private readonly List<string> _said = [];
    private readonly string[] _flags;
    private Process? _process;
    private int _starts;
    private HttpClient? _client;

    public DaemonProcess(params string[] flags)
    {
        _flags = flags;
        Start();
    }

    /// <summary>The name of the node's namespace: a dead test's can be told from a living one's.</summary>
    public string NodeName { get; } = RunName.Next();

    public string StateDirectory => Path.Combine(_directory, "state");

    public string Socket => Path.Combine(_directory, "run", "dataplane.sock");

    public int ProcessId => _process!.Id;

    /// <summary>Begins the daemon's life; returns when it answers.</summary>
    public void Start()
    {
        using var ready = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = Patience };
        var notify = Path.Combine(_directory, $"notify-{++_starts}");
        ready.Bind(new UnixDomainSocketEndPoint(notify));
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "dataplane"),
            ["daemon", "--node-name", NodeName, "--socket", Socket, "--state-dir", StateDirectory, .. _flags])
        {
            RedirectStandardError = true,
            Environment = { ["NOTIFY_SOCKET"] = notify },
        };
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null) return;
            lock (_said) _said.Add(line.Data);
        };
        _process.BeginErrorReadLine();
        // A daemon that dies instead would be waited for to the end of our patience.
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => Close(ready);
        AwaitReady(ready);
        Assert.Null(Status().Problem);
    }

    /// <summary>What no program can prepare for.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public int Stop()
    {
        Process.Start("kill", $"-TERM {_process!.Id}").WaitForExit();
        Assert.True(_process.WaitForExit(Patience), "the daemon does not stop");
        return _process.ExitCode;
    }

    public T Get<T>(string path, JsonTypeInfo<T> type) => Read(Client.GetAsync(path).GetAwaiter().GetResult(), type);

    public T Post<TRequest, T>(string path, TRequest request, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<T> type) =>
        Read(Client.PostAsJsonAsync(path, request, requestType).GetAwaiter().GetResult(), type);

    public StateResponse State() => Get(ApiPaths.State, ApiJson.Default.StateResponse);

    public StatusResponse Status() => Get(ApiPaths.Status, ApiJson.Default.StatusResponse);

    public ChangeResponse Apply(ApplyRequest request) => Post(ApiPaths.Apply, request, ApiJson.Default.ApplyRequest, ApiJson.Default.ChangeResponse);

    public ChangeResponse Apply(string file, string text) => Apply(new ApplyRequest([new ManifestFile(file, text)]));

    public ChangeResponse Delete(params ObjectReference[] objects) =>
        Post(ApiPaths.Delete, new DeleteRequest { Objects = objects }, ApiJson.Default.DeleteRequest, ApiJson.Default.ChangeResponse);

    public VerifyResponse Verify(params string[] probes) =>
        Post(ApiPaths.Verify, new VerifyRequest { Probes = probes }, ApiJson.Default.VerifyRequest, ApiJson.Default.VerifyResponse);

    public string Rules() => Client.GetStringAsync(ApiPaths.Rules).GetAwaiter().GetResult();

    /// <summary>What it said on standard error so far.</summary>
    public string Said()
    {
        lock (_said) return string.Join('\n', _said);
    }

    public void Dispose()
    {
        _client?.Dispose();
        if (!_process!.HasExited) Kill();
        _process.Dispose();
        LiveNode.Destroy(NodeName);
        Directory.Delete(_directory, recursive: true);
        Assert.Empty(NodeNames.Of(NodeName));
    }

    private HttpClient Client => _client ??= new HttpClient(new SocketsHttpHandler
    {
        ConnectCallback = async (_, stop) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), stop);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://localhost"), Timeout = TimeSpan.FromMinutes(2) };

    /// <summary>sd_notify(3): several lines in a datagram, READY=1 among them.</summary>
    private void AwaitReady(Socket notified)
    {
        var buffer = new byte[4096];
        try
        {
            while (!Encoding.UTF8.GetString(buffer, 0, notified.Receive(buffer)).Split('\n').Contains("READY=1"))
            {
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Assert.Fail($"the daemon is not ready: {Said()}");
        }
    }

    private static void Close(Socket socket)
    {
        try
        {
            socket.Dispose();
        }
        catch (ObjectDisposedException)
        {
            // It was ready long ago.
        }
    }

    private static T Read<T>(HttpResponseMessage response, JsonTypeInfo<T> type)
    {
        using (response)
        {
            var body = response.Content.ReadAsStringAsync().GetAwaiter().GetResult();
            if (response.StatusCode != HttpStatusCode.OK) throw new RefusedException((int)response.StatusCode, body);
            return System.Text.Json.JsonSerializer.Deserialize(body, type)!;
        }
    }
}

/// <summary>The daemon answered, and said no.</summary>
internal sealed class RefusedException(int status, string body) : Exception($"{status}: {body}")
{
    public int Status => status;
}
