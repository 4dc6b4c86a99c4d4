using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Dataplane.Kubernetes.Loading;
using Dataplane.Linux.Programs;
using Dataplane.Runtime.Commands;
using Dataplane.Runtime.Logs;
using Dataplane.Runtime.Supervision;
using Dataplane.Runtime.Supervision.Client;

namespace Dataplane.Integration.Runtime;

/// <summary>A supervisor as a process, a node and one pod's namespace for it, and what it has reported.</summary>
internal sealed class SupervisorLab : IAsyncDisposable
{
    public const string PodAddress = "10.77.0.2", PodAddress6 = "fd77::2";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempDirectory _directory = new();
    private readonly TestNetns _node = TestNetns.Create(), _pod = TestNetns.Create();
    private readonly Dictionary<string, PodReport> _reports = [];
    private readonly string _cgroup = $"dptest-{Guid.NewGuid():N}";
    private SupervisorClient? _client;
    private IAsyncEnumerator<PodReport>? _next;

    private SupervisorLab()
    {
        Files = new SupervisorFiles(_directory["run"]);
        foreach (var (netns, number) in (ReadOnlySpan<(TestNetns, int)>)[(_node, 1), (_pod, 2)])
        {
            netns.Exec("ip", "link set lo up");
            if (number == 1) netns.Exec("ip", $"link add v1 type veth peer name eth0 netns {_pod.Name}");
            var name = number == 1 ? "v1" : "eth0";
            netns.Exec("ip", $"address add 10.77.0.{number}/24 dev {name}");
            netns.Exec("ip", $"address add fd77::{number}/64 dev {name} nodad");
            netns.Exec("ip", $"link set {name} up");
        }
    }

    /// <summary>As it is built for tests, or with DATAPLANE_SUPERVISOR another one, such as the published.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable("DATAPLANE_SUPERVISOR")
        ?? Path.Combine(AppContext.BaseDirectory, SupervisorProcess.FileName);

    public SupervisorFiles Files { get; }

    public TestNetns Node => _node;

    public TestNetns Pod => _pod;

    public SupervisorClient Client => _client!;

    /// <summary>Of the supervisor.</summary>
    public int ProcessId { get; private set; }

    public string Cgroup => _cgroup;

    private string Socket => _directory["s"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<SupervisorLab> Start()
    {
        var lab = new SupervisorLab();
        try
        {
            await lab.StartSupervisor();
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    public async Task StartSupervisor()
    {
        await SupervisorProcess.StartAsync(Program, Files.Directory, Socket, _node.Name, _cgroup, Stop);
        await Connect();
    }

    /// <summary>kill -9, at once.</summary>
    public async Task Kill()
    {
        var ticks = ProcessHandle.StartTicksOf(ProcessId)!.Value;
        ProcessHandle.Signal(ProcessId, 9);
        Until(() => ProcessHandle.StartTicksOf(ProcessId) != ticks);
        await Disconnect();
    }

    /// <summary>An order for the pod of the namespace.</summary>
    /// <param name="spec">Lines of a PodSpec, without indentation.</param>
    public PodOrder Order(string spec, string name = "p", string identity = "1")
    {
        var text = $"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: x}}\nspec:\n"
            + string.Join('\n', spec.Split('\n').Select(l => "  " + l));
        var loaded = ManifestLoader.LoadText("p.yaml", text);
        Assert.DoesNotContain(loaded.Diagnostics, d => d.Severity == Kubernetes.Diagnostics.Severity.Error);
        return new PodOrder("x", name, identity, _pod.Name, name, Assert.Single(loaded.Manifests.Pods).Programs,
            new PodFacts("x", name, new Dictionary<string, string> { ["app"] = "web" },
                [IPAddress.Parse(PodAddress), IPAddress.Parse(PodAddress6)], "node", [IPAddress.Parse("10.77.0.1")]));
    }

    /// <summary>One container, which runs a script of sh.</summary>
    /// <param name="more">Further lines of the container.</param>
    public PodOrder Script(string script, string more = "", string name = "p",
        string podMore = "restartPolicy: Always") =>
        Order($"""
            {podMore}
            containers:
            - name: a
              image: any
              command: [sh, -c, {System.Text.Json.JsonSerializer.Serialize(script)}]
            """ + string.Concat(more.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => $"\n  {l}")), name);

    public Task Set(PodOrder order) => Client.SetAsync(order, Stop);

    public Task Delete(string name = "p", TimeSpan? grace = null) => Client.DeleteAsync($"x/{name}", grace, Stop);

    /// <summary>The first report of a pod from now on, or the last so far, that is as wanted.</summary>
    public async Task<PodReport> Until(Func<PodReport, bool> holds, string name = "p",
        [CallerArgumentExpression(nameof(holds))] string what = "")
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(Patience);
        try
        {
            while (!_reports.TryGetValue($"x/{name}", out var report) || !holds(report))
            {
                Assert.True(await _next!.MoveNextAsync().AsTask().WaitAsync(limit.Token));
                _reports[_next.Current.Order.Key] = _next.Current;
            }
            return _reports[$"x/{name}"];
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"never: {what}; last: {Shown(_reports.GetValueOrDefault($"x/{name}"))}; log: "
                + string.Join('|', Log(name, tail: 20)));
            throw;
        }
    }

    /// <summary>Until its programs are all as this word says, as kubectl's STATUS.</summary>
    public Task<PodReport> Until(string word, string name = "p") =>
        Until(r => r.Status?.Word == word, name, $"STATUS {word}");

    public Task<PodReport> UntilGone(string name = "p") => Until(r => r.Status is null, name);

    /// <summary>What a container has written, by lines.</summary>
    public string[] Log(string name = "p", string container = "a", bool previous = false, int? tail = null) =>
    [
        .. LogReader.Read(Files.LogOf("x", name, container, previous), tail)
            .Select(l => System.Text.Encoding.UTF8.GetString(l.Text.Span)),
    ];

    /// <summary>Waits until a line is among the last ones.</summary>
    public void UntilLogged(string line, string name = "p", string container = "a") =>
        Until(() => Last(name, container).Contains(line), () => string.Join('\n', Last(name, container)));

    public static void Until(Func<bool> holds, Func<string>? what = null) =>
        Assert.True(SpinWait.SpinUntil(holds, Patience), what?.Invoke());

    public async Task Connect()
    {
        _client = await SupervisorClient.ConnectAsync(Socket, Stop);
        _reports.Clear();
        foreach (var report in _client.First) _reports[report.Order.Key] = report;
        _next = _client.ReportsAsync(Stop).GetAsyncEnumerator(Stop);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), Stop);
        var peer = new byte[12];
        socket.GetRawSocketOption(1, 17, peer);
        ProcessId = BitConverter.ToInt32(peer);
    }

    /// <summary>All that the supervisor has is ended, and nothing of it is left.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_client is null && Directory.Exists(Files.Directory)) await StartSupervisor();
        if (_client is not null)
        {
            await _client.EndAsync(CancellationToken.None);
            await Disconnect();
            Assert.False(Directory.Exists(Files.Pods), "pods are left");
            Assert.False(File.Exists(Socket), "the socket is left");
        }
        Assert.Empty(Directory.GetDirectories("/sys/fs/cgroup", _cgroup)
            .Concat(Directory.GetDirectories("/sys/fs/cgroup").SelectMany(d => Directory.GetDirectories(d, _cgroup))));
        _pod.Dispose();
        _node.Dispose();
        _directory.Dispose();
    }

    public static string Shown(PodReport? report) => report?.Status is not { } status ? "none" : string.Create(
        CultureInfo.InvariantCulture, $"{status.Word} {status.ReadyText} {status.Restarts} "
            + $"{string.Join(' ', status.Containers.Select(c => c.State))}");

    private string[] Last(string name, string container) => Log(name, container, tail: 20);

    private async Task Disconnect()
    {
        if (_next is not null)
        {
            try
            {
                await _next.DisposeAsync();
            }
            catch (IOException)
            {
                // The connection broke, as it was to.
            }
        }
        await _client!.DisposeAsync();
        (_client, _next) = (null, null);
    }
}
