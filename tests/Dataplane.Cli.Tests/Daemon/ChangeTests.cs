using Dataplane.Api;

namespace Dataplane.Cli.Tests;

/// <summary>apply and delete: what is sent, and how the answer is told.</summary>
public sealed class ChangeTests : IDisposable
{
    private static readonly ChangeResponse Done = new(7,
        [new ChangedObject("Pod", "x/web", "unchanged"), new ChangedObject("NetworkPolicy", "x/web", "created")],
        [new CutFlow("x/other", "x/web", "TCP", 45250, 80, "IPv4"),
            new CutFlow("fd00::9", "x/web", "UDP", 53, 5353, "IPv6"),
            new CutFlow("x/other", "x/web", "ICMP", 0, 0, "IPv4")]);

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Apply_sends_the_texts_and_prints_objects_and_cut_connections()
    {
        using var daemon = Answering("/v1/apply", Done);
        var outcome = _cli.Run("apply", "-f", _cli.Example(), "--prune");
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        Assert.Equal("""
            pod/x/web unchanged
            networkpolicy/x/web created
            cut: x/other:45250 -> x/web TCP 80
            cut: [fd00::9]:53 -> x/web UDP 5353
            cut: x/other -> x/web ICMP

            """, outcome.Out);
        var sent = daemon.OnlyBody;
        Assert.Equal([Cli.Pods, Cli.Policy],
            sent.GetProperty("files").EnumerateArray().Select(f => f.GetProperty("text").GetString()));
        Assert.EndsWith("/policy.yaml", sent.GetProperty("files")[1].GetProperty("name").GetString(),
            StringComparison.Ordinal);
        Assert.Equal((true, false), (sent.GetProperty("prune").GetBoolean(), sent.GetProperty("dryRun").GetBoolean()));
        Assert.False(sent.TryGetProperty("waitSeconds", out _));
    }

    [Fact]
    public void A_dry_run_says_so()
    {
        using var daemon = Answering("/v1/apply", Done with { DryRun = true });
        var outcome = _cli.Run("apply", "-f", _cli.Example(), "--dry-run");
        Assert.Contains("\nnetworkpolicy/x/web created (dry run)\nwould cut: x/other:45250 -> x/web TCP 80\n",
            outcome.Out, StringComparison.Ordinal);
        Assert.True(daemon.OnlyBody.GetProperty("dryRun").GetBoolean());
    }

    [Theory]
    [InlineData("--wait", 30)]
    [InlineData("--wait=5s", 5)]
    [InlineData("--wait=0.5", 0.5)]
    public void The_proof_goes_to_stderr(string wait, double seconds)
    {
        using var daemon = Answering("/v1/apply",
            Done with { Proof = [new ProofPacket("x/other -> x/web TCP 80", "denied", "drop-log")] });
        var outcome = _cli.Run("apply", wait, "-f", _cli.Example());
        Assert.Equal("proof: x/other -> x/web TCP 80 DENIED, drop-log\n", outcome.Error);
        Assert.Equal(seconds, daemon.OnlyBody.GetProperty("waitSeconds").GetDouble());
    }

    [Fact]
    public void Json_is_the_answer()
    {
        using var daemon = Answering("/v1/apply", Done);
        var json = _cli.Run("apply", "-f", _cli.Example(), "-o", "json").Json;
        Assert.Equal("7 NetworkPolicy x/web created 45250",
            $"{json["generation"]} {json["objects"]![1]!["kind"]} {json["objects"]![1]!["name"]} "
                + $"{json["objects"]![1]!["change"]} {json["cut"]![0]!["sourcePort"]}");
    }

    [Fact]
    public void What_no_packet_can_prove_is_said()
    {
        using var daemon = Answering(
            "/v1/apply", Done with { Unproven = ["NetworkPolicy x/web selects no pod"] });
        var outcome = _cli.Run("apply", "--wait", "-f", _cli.Example());
        Assert.Equal((0, "nothing to prove: NetworkPolicy x/web selects no pod\n"), (outcome.Exit, outcome.Error));
    }

    /// <summary>A change that is done is not in doubt because the state cannot be read.</summary>
    [Fact]
    public void A_state_that_cannot_be_read_fails_no_change()
    {
        using var daemon = new CannedDaemon(_cli.Socket).Says("POST /v1/apply", Done, ApiJson.Default.ChangeResponse);
        var outcome = _cli.Run("apply", "-f", _cli.Example());
        Assert.Equal(0, outcome.Exit);
        Assert.StartsWith("note: the effect on the whole state is not known: ", outcome.Error,
            StringComparison.Ordinal);
    }

    /// <summary>The daemon keeps the text, and is not asked to ignore anything.</summary>
    [Fact]
    public void A_list_is_sent_without_what_is_left_out()
    {
        using var daemon = Answering("/v1/apply", Done);
        var path = _cli.File("list.yaml", "apiVersion: v1\nkind: List\nitems:\n"
            + "- {apiVersion: v1, kind: Pod, metadata: {name: good}, spec: {containers: [{name: c}]}}\n"
            + "- {apiVersion: k8s.ovn.org/v1, kind: EgressFirewall, metadata: {name: default}}\n");
        Assert.Equal(0, _cli.Run("apply", "-f", path, "--ignore", "K019").Exit);
        var text = Assert.Single(daemon.OnlyBody.GetProperty("files").EnumerateArray().ToList())
            .GetProperty("text").GetString();
        Assert.Contains("name: good", text, StringComparison.Ordinal);
        Assert.DoesNotContain("EgressFirewall", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_sent_that_has_errors()
    {
        using var daemon = Answering("/v1/apply", Done);
        var outcome = _cli.Run("apply", "-f", _cli.File("a.yaml", "apiVersion: v1\nkind: Pd\nmetadata: { name: a }\n"));
        Assert.Equal((3, ""), (outcome.Exit, outcome.Out));
        Assert.EndsWith("\ndataplane: 1 error in the manifests; nothing was sent to the daemon\n", outcome.Error,
            StringComparison.Ordinal);
        Assert.Empty(daemon.Asked);
    }

    [Fact]
    public void What_was_said_here_is_not_said_again()
    {
        var path =
            _cli.File("a.yaml", Cli.Pods + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: s }\n");
        var said = Kubernetes.Loading.ManifestLoader.Load([path]).Diagnostics.Single();
        using var daemon = Answering("/v1/apply", Done with
        {
            Diagnostics =
            [
                new DiagnosticEntry(said.Code, "note", said.Message, path, said.Position.Line, said.Position.Column),
                new DiagnosticEntry("S010", "warning", "of the daemon", path, 1, 1),
            ],
        });
        var error = _cli.Run("apply", "-v", "-f", path).Error;
        Assert.Equal((2, 2), (error.Split("K020").Length, error.Split("S010").Length));
    }

    [Fact]
    public void Delete_by_name()
    {
        using var daemon =
            Answering("/v1/delete", new ChangeResponse(8, [new ChangedObject("NetworkPolicy", "y/a", "deleted")], []));
        var outcome = _cli.Run("delete", "netpol", "a", "b", "-n", "y", "--ignore-not-found", "--wait");
        Assert.Equal((0, "networkpolicy/y/a deleted\n"), (outcome.Exit, outcome.Out));
        var sent = daemon.OnlyBody;
        Assert.Equal("""[{"kind":"NetworkPolicy","name":"y/a"},{"kind":"NetworkPolicy","name":"y/b"}]""",
            sent.GetProperty("objects").GetRawText());
        Assert.True(sent.GetProperty("ignoreNotFound").GetBoolean());
        Assert.Equal(30, sent.GetProperty("waitSeconds").GetDouble());
    }

    [Fact]
    public void Delete_takes_names_as_get_prints_them()
    {
        using var daemon = Answering("/v1/delete", new ChangeResponse(8, [], []));
        Assert.Equal("nothing to change\n", _cli.Run("delete", "pod/x/a").Error);
        Assert.Equal("""[{"kind":"Pod","name":"x/a"}]""", daemon.OnlyBody.GetProperty("objects").GetRawText());
    }

    [Fact]
    public void Delete_of_manifests()
    {
        using var daemon = Answering("/v1/delete", new ChangeResponse(8, [], []));
        Assert.Equal(0, _cli.Run("delete", "-f", _cli.Example()).Exit);
        Assert.Equal(2, daemon.OnlyBody.GetProperty("files").GetArrayLength());
    }

    private CannedDaemon Answering(string path, ChangeResponse answer) => new CannedDaemon(_cli.Socket)
        .Says($"POST {path}", answer, ApiJson.Default.ChangeResponse)
        .Says("GET /v1/state", new StateResponse(7, "10.244.0.0/16", "fd00:10:244::/64", [], []),
            ApiJson.Default.StateResponse);
}
