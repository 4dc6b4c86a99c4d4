using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using Dataplane.Api;
using Dataplane.Daemon.NameServing;
using Dataplane.Node.Layout;
using Dataplane.Node.Live;

namespace Dataplane.Integration.Chaos;

/// <summary>
/// The real daemon as a process of its own, with a node, a socket and a state directory that nobody else has. It may be
/// killed and started again; disposing removes everything.
/// </summary>
internal sealed class DaemonProcess : IDisposable
{
    private const int Patience = 30_000;

    private readonly TempDirectory _directory = new();
    private readonly List<string> _said = [];
    private readonly string[] _flags;
    private readonly (string Name, string Value)[] _environment;
    private Process? _process;
    private int _starts;
    private HttpClient? _client;

    private readonly string? _host;

    public DaemonProcess(params string[] flags)
        : this([], flags)
    {
    }

    public DaemonProcess((string Name, string Value)[] environment, params string[] flags)
        : this(null, environment, flags)
    {
    }

    /// <param name="host">The namespace that the daemon is started in.</param>
    public DaemonProcess(TestNetns host, params string[] flags)
        : this(host.Name, [], flags)
    {
    }

    /// <param name="name">Of the node: such as a user gives, which the others' are not.</param>
    public DaemonProcess(string name, TestNetns host, params string[] flags)
        : this(host.Name, [], flags, name)
    {
    }

    private DaemonProcess(string? host, (string Name, string Value)[] environment, string[] flags, string? name = null,
        string[]? wrapper = null)
    {
        NodeName = name ?? RunName.Next();
        (_host, _environment, _flags, Wrapper) = (host, environment, flags, wrapper ?? []);
        try
        {
            Start();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <param name="wrapper">A command that becomes the one behind it, as nice(1) does.</param>
    public static DaemonProcess Within(string[] wrapper, params string[] flags) =>
        new(null, [], flags, wrapper: wrapper);

    /// <summary>The command by which the next start becomes the daemon; empty: none.</summary>
    public string[] Wrapper { get; set; }

    /// <summary>The name of the node's namespace: a dead test's can be told from a living one's.</summary>
    public string NodeName { get; }

    public string StateDirectory => _directory["state"];

    public string Socket => _directory["run/dataplane.sock"];

    public int ProcessId => _process!.Id;

    /// <summary>What it tells its service manager since its start.</summary>
    public Notices Notices { get; private set; } = null!;

    /// <summary>Begins the daemon's life; returns when it answers.</summary>
    /// <param name="isWell">False: it may have a problem.</param>
    public void Start(bool isWell = true)
    {
        Launch();
        if (!Notices.Await("READY=1")) Assert.Fail($"the daemon is not ready: {Said()}");
        if (isWell) Assert.Null(Status().Problem);
    }

    /// <summary>Begins the daemon's life, and waits for nothing.</summary>
    public void Launch()
    {
        _process?.Dispose();
        Notices?.Dispose();
        var notices = Notices = new Notices(_directory[$"notify-{++_starts}"]);
        string[] command = [.. Wrapper, Path.Combine(AppContext.BaseDirectory, "dataplane"), "daemon",
            "--node-name", NodeName, "--socket", Socket, "--state-dir", StateDirectory, .. _flags];
        // nsenter becomes what it starts: one process, one id.
        var start = _host is null
            ? new ProcessStartInfo(command[0], command[1..])
            : InNetns.Start(_host, command);
        start.RedirectStandardError = true;
        start.Environment["NOTIFY_SOCKET"] = notices.Path;
        foreach (var (name, value) in _environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null) return;
            lock (_said) _said.Add(line.Data);
        };
        _process.BeginErrorReadLine();
        // A daemon that dies instead would be waited for to the end of our patience.
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => notices.End();
    }

    /// <param name="name">As kill(1) has it, such as <c>HUP</c>.</param>
    public void Signal(string name) => Process.Start("kill", $"-{name} {_process!.Id}").WaitForExit();

    /// <summary>What no program can prepare for.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public int Stop()
    {
        Signal("TERM");
        Assert.True(_process!.WaitForExit(Patience), "the daemon does not stop");
        return _process.ExitCode;
    }

    public T Get<T>(string path, JsonTypeInfo<T> type) => Read(Client.GetAsync(path).GetAwaiter().GetResult(), type);

    public T Post<TRequest, T>(string path, TRequest request, JsonTypeInfo<TRequest> requestType,
        JsonTypeInfo<T> type) =>
        Read(Client.PostAsJsonAsync(path, request, requestType).GetAwaiter().GetResult(), type);

    public StateResponse State() => Get(ApiPaths.State, ApiJson.Default.StateResponse);

    public StatusResponse Status() => Get(ApiPaths.Status, ApiJson.Default.StatusResponse);

    public ChangeResponse Apply(ApplyRequest request) =>
        Post(ApiPaths.Apply, request, ApiJson.Default.ApplyRequest, ApiJson.Default.ChangeResponse);

    public ChangeResponse Apply(string file, string text) => Apply(new ApplyRequest([new ManifestFile(file, text)]));

    public ChangeResponse Delete(params ObjectReference[] objects) =>
        Post(ApiPaths.Delete, new DeleteRequest { Objects = objects }, ApiJson.Default.DeleteRequest,
            ApiJson.Default.ChangeResponse);

    public VerifyResponse Verify(params string[] probes) =>
        Post(ApiPaths.Verify, new VerifyRequest { Probes = probes }, ApiJson.Default.VerifyRequest,
            ApiJson.Default.VerifyResponse);

    public TraceResponse Trace(TraceRequest request) =>
        Post(ApiPaths.Trace, request, ApiJson.Default.TraceRequest, ApiJson.Default.TraceResponse);

    public string Rules() => Text(ApiPaths.Rules);

    public string Text(string path) => Client.GetStringAsync(path).GetAwaiter().GetResult();

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
        Notices.Dispose();
        NameServerFiles.End(NodeName);
        NetnsFiles.RemoveAll(NodeName);
        LiveNode.Destroy(NodeName);
        _directory.Dispose();
        Assert.Empty(NodeNames.Of(NodeName));
    }

    private HttpClient Client => _client ??= UnixHttp.Client(Socket, TimeSpan.FromMinutes(2));

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
