using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Dataplane.Kubernetes.Objects;
using Dataplane.Runtime.Commands;
using Dataplane.Runtime.Statuses;
using Dataplane.Runtime.Supervision;
using Dataplane.Runtime.Supervision.Wire;

namespace Dataplane.Runtime.Tests.Supervision;

/// <summary>What a supervisor is told and says, through its own JSON.</summary>
public sealed class WireTests
{
    private static readonly DateTimeOffset Start = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    private static ContainerProbe Probe(ContainerAction action) => new(action) { DelaySeconds = 1, GraceSeconds = 2 };

    private static ContainerSpec Full => new("web")
    {
        Image = "nginx",
        Command = new EqualList<string>("sh", "-c"),
        Arguments = new EqualList<string>("echo \"ä\"\n"),
        WorkingDirectory = "/srv",
        Environment = new EqualList<EnvironmentVariable>(
            new EnvironmentVariable("A", "$(B)"), new EnvironmentVariable("L", "app", PodField.Label)),
        Ports = new EqualList<DeclaredPort>(new DeclaredPort("http", 80, TransportProtocol.Tcp)),
        Security = new ContainerSecurity
        {
            User = 1, Groups = new EqualList<int>(5, 6), Added = new EqualList<string>("NET_ADMIN"), MayGain = false,
        },
        Limits = new ContainerLimits(1 << 20, 500),
        Readiness = Probe(new ContainerAction.Http(true, null, new ActionPort(80, "http"), "/",
            new EqualList<KeyValuePair<string, string>>(new KeyValuePair<string, string>("X", "y")))),
        Liveness = Probe(new ContainerAction.Tcp("::1", new ActionPort(1, null))),
        Startup = Probe(new ContainerAction.Exec(new EqualList<string>("true"))),
        PreStop = new ContainerAction.Sleep(3),
    };

    private static PodOrder Order => new("x", "web-0", "uid", "ns-1", "web-0",
        new PodPrograms
        {
            Init = new EqualList<ContainerSpec>(new ContainerSpec("side") { IsSidecar = true }),
            Containers = new EqualList<ContainerSpec>(Full), RestartPolicy = RestartPolicy.OnFailure,
            DeadlineSeconds = 9, GraceSeconds = 0,
        },
        new PodFacts("x", "web-0", new Dictionary<string, string> { ["app"] = "web" },
            [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("fd00::1")], "n", [IPAddress.Loopback]));

    [Fact]
    public void An_order_arrives_as_it_was_and_equals_it_by_content()
    {
        var sent = JsonSerializer.SerializeToUtf8Bytes(
            new SupervisorRequest(7, Set: Order), SupervisorJson.Default.SupervisorRequest);
        var got = JsonSerializer.Deserialize(sent, SupervisorJson.Default.SupervisorRequest)!;
        Assert.Equal(Order, got.Set);
        Assert.Equal(Order.GetHashCode(), got.Set!.GetHashCode());
        Assert.NotEqual(Order, Order with { Facts = Order.Facts with { Labels = new Dictionary<string, string>() } });
        Assert.NotEqual(Order, Order with { Facts = Order.Facts with { Addresses = [] } });
        Assert.DoesNotContain("\n"u8.ToArray(), sent.Select(b => new[] { b }));
    }

    [Fact]
    public void A_report_arrives_as_it_was()
    {
        var ended = new ContainerState.Terminated(ContainerExit.OfCode(3), Start, Start.AddTicks(1));
        var status = new PodStatus(Order.Programs, PodPhase.Running, "DeadlineExceeded",
            [new ContainerStatus("side", new ContainerState.Running(Start), 0, true, true, null)],
            [new ContainerStatus("web", new ContainerState.Waiting("CrashLoopBackOff", "m"), 4, false, false, ended)],
            false, true);
        var report = new PodReport(Order, status, [new ContainerProcess("web", 12, 34)], Start);
        var got = Through(report);
        Assert.Equal((report.Order, report.Start), (got.Order, got.Start));
        Assert.Equal(report.Processes, got.Processes);
        Assert.Equal(status.Init, got.Status!.Init);
        Assert.Equal(status.Containers, got.Status.Containers);
        Assert.Equal(status with { Init = [], Containers = [] }, got.Status with { Init = [], Containers = [] });
        Assert.Equal(ended, Assert.IsType<ContainerState.Terminated>(Through(report with
        {
            Status = status with { Containers = [status.Containers[0] with { State = ended }] },
        }).Status!.Containers[0].State));
        Assert.Null(Through(report with { Status = null }).Status);
    }

    [Fact]
    public async Task Of_a_pod_that_changes_faster_than_it_is_read_the_latest_report_is_read()
    {
        var reports = new LatestReports();
        for (var i = 0; i < 1000; i++) reports.Add(Report("a", i));
        reports.Add(Report("b", 0));
        reports.End(new IOException("over"));
        var got = new List<PodReport>();
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (var report in reports.ReadAsync(TestContext.Current.CancellationToken)) got.Add(report);
        });
        Assert.Equal([("x/a", 999), ("x/b", 0)], got.Select(r => (r.Order.Key, (r.Start - Start).Seconds)).Order()
            .Select(r => (r.Key, r.Seconds == 999 % 60 ? 999 : r.Seconds)));
    }

    [Fact]
    public async Task A_line_is_read_whole_however_it_comes_and_bounded()
    {
        var stop = TestContext.Current.CancellationToken;
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var raw = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await raw.ConnectAsync(listener.LocalEndPoint!, stop);
        using var lines = new LineSocket(await listener.AcceptAsync(stop));
        using var sender = new LineSocket(raw);
        var large = new byte[100_000];
        large.AsSpan().Fill((byte)'x');
        var sending = sender.WriteAsync(large, stop);
        Assert.Equal(large, (await lines.ReadAsync(stop))!.Value.ToArray());
        await sending;
        await sender.WriteAsync("a\n\nb"u8.ToArray(), stop);
        foreach (var line in (string[])["a", "", "b"])
            Assert.Equal(line, System.Text.Encoding.ASCII.GetString((await lines.ReadAsync(stop))!.Value.Span));
        await Assert.ThrowsAsync<IOException>(() => sender.WriteAsync(new byte[LineSocket.Longest], stop));
        var flood = Task.Run(() =>
        {
            try
            {
                while (true) raw.Send(large);
            }
            catch (SocketException)
            {
                // The reader had enough.
            }
        }, stop);
        await Assert.ThrowsAsync<IOException>(async () => await lines.ReadAsync(stop));
        lines.Dispose();
        await flood;
    }

    private static PodReport Report(string pod, int seconds) =>
        new(Order with { Name = pod }, null, [], Start.AddSeconds(seconds));

    private static PodReport Through(PodReport report) => JsonSerializer.Deserialize(
        JsonSerializer.Serialize(new SupervisorLine(Report: WireReport.Of(report)),
            SupervisorJson.Default.SupervisorLine), SupervisorJson.Default.SupervisorLine)!.Report!.Report();
}
