using System.Net.Sockets;
using Dataplane.Api;
using Dataplane.Cli.Terminal;
namespace Dataplane.Cli.Tests;

/// <summary>What is said when the daemon is not there, will not, or dies.</summary>
public sealed class ConnectionTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("status")]
    [InlineData("get po")]
    [InlineData("flows -f")]
    [InlineData("capture x/a")]
    [InlineData("delete netpol x/a")]
    public void No_socket(string line) =>
        _cli.Run(line.Split(' '))
            .ShouldFail(4, "dataplane: no daemon answers at DIR/s; start it with: sudo dataplane daemon");

    [Fact]
    public void A_socket_that_nobody_listens_on()
    {
        using var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        left.Bind(new UnixDomainSocketEndPoint(_cli.Socket));
        _cli.Run("status").ShouldFail(4, "dataplane: no daemon answers at DIR/s; start it with: sudo dataplane daemon");
    }

    /// <summary>It would change nothing: the question is about everything there is.</summary>
    [Theory]
    [InlineData("verify -n x")]
    [InlineData("rules --namespace x")]
    public void A_namespace_is_for_manifests(string line) => _cli.Run(line.Split(' ')).ShouldFail(
        2, "dataplane: --namespace is for objects of manifests without one, with -f PATH; the daemon is asked about "
            + "all its namespaces");

    [Fact]
    public void The_option_wins_over_the_variable() =>
        _cli.Run("status", "--socket", "/nowhere/s")
            .ShouldFail(4, "dataplane: no daemon answers at /nowhere/s; start it with: sudo dataplane daemon");

    [Fact]
    public void A_path_that_is_too_long()
    {
        var path = "/" + new string('x', 200);
        _cli.Run("status", "--socket", path)
            .ShouldFail(2, $"dataplane: {path}: cannot be the path of a socket, which has 1 to 107 bytes");
    }

    [Fact]
    public void A_daemon_that_dies_in_the_middle_of_its_answer()
    {
        using var daemon = new CannedDaemon(_cli.Socket);
        daemon.Says("GET /v1/status", "{\"version\":"u8.ToArray(), contentType: "application/json", breaks: true);
        _cli.Run("status").ShouldFail(4,
            "dataplane: the daemon at DIR/s ended the connection before its answer was complete; "
                + "what was asked for may have happened. See its log: journalctl -u dataplane");
    }

    [Fact]
    public void One_that_never_answers()
    {
        using var silent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        silent.Bind(new UnixDomainSocketEndPoint(_cli.Socket));
        silent.Listen();
        _cli.Run("status", "--timeout", "0.05").ShouldFail(6,
            "dataplane: the daemon has not answered within 0.05 s; what it was asked for may still happen");
    }

    [Fact]
    public void A_daemon_of_another_version()
    {
        using var daemon = new CannedDaemon(_cli.Socket);
        _cli.Run("status").ShouldFail(4, "dataplane: the daemon at DIR/s does not know /v1/status: "
            + $"it is of another version than this program, {ProgramVersion.Text}");
    }

    [Fact]
    public void An_answer_that_is_no_json()
    {
        using var daemon = new CannedDaemon(_cli.Socket);
        daemon.Says("GET /v1/status", "hello"u8.ToArray(), contentType: "application/json");
        var outcome = _cli.Run("status");
        Assert.Equal((70, ""), (outcome.Exit, outcome.Out));
        Assert.StartsWith("dataplane: the daemon's answer cannot be read: ", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_problem_has_the_exit_code_and_the_words(int exit)
    {
        using var daemon = new CannedDaemon(_cli.Socket);
        Refuse(daemon, "GET /v1/status",
            new Problem("about:blank", "Refused", 422) { Detail = "because of\nthat", ExitCode = exit });
        _cli.Run("status").ShouldFail(exit, "dataplane: because of that");
    }

    [Fact]
    public void Its_diagnostics_look_like_local_ones()
    {
        using var daemon = new CannedDaemon(_cli.Socket);
        var path = _cli.File("a.yaml", Cli.Pods);
        Refuse(daemon, "POST /v1/apply", new Problem("about:blank", "Rejected", 422)
        {
            ExitCode = 3,
            Detail = "a.yaml:3:1: the pod network is full",
            Diagnostics = [new DiagnosticEntry("A001", "error", "the pod network is full", path, 3, 1)
            {
                Help = "use a larger one",
            }],
        });
        var outcome = _cli.Run("apply", "-f", path);
        Assert.Equal((3, ""), (outcome.Exit, outcome.Out));
        Assert.Equal("""
            error[A001]: the pod network is full
             --> DIR/a.yaml:3:1
              |
            3 | metadata: { name: web, namespace: x, labels: { app: web } }
              | ^
              = help: use a larger one

            dataplane: 1 error: nothing was changed

            """, outcome.Error);
    }

    private static void Refuse(CannedDaemon daemon, string question, Problem problem) =>
        daemon.Says(question, problem, ApiJson.Default.Problem, "422 Unprocessable Content",
            "application/problem+json");
}
