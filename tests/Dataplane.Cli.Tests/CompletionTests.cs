using System.Diagnostics;
using Dataplane.Api;
using Dataplane.Cli.Completion;
using Dataplane.Cli.Connection;
namespace Dataplane.Cli.Tests;

/// <summary>What is offered at the cursor, and that the shells' scripts hand it on.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly Cli _cli = new();
    private readonly CannedDaemon _daemon;

    public CompletionTests() => _daemon = new CannedDaemon(_cli.Socket)
        .Says("GET /v1/pods", new PodsResponse("n", "dp0", "", "", [new PodEntry("shop/front", null, null),
            new PodEntry("shop/db", null, null),
            new PodEntry("ops/intruder", null, null), new PodEntry("shop/$(reboot)", null, null),
            new PodEntry("shop/`id`;", null, null),
            new PodEntry("shop/a b", null, null)]), ApiJson.Default.PodsResponse)
        .Says("GET /v1/objects?kind=NetworkPolicy",
            new ObjectsResponse(1, [new ObjectEntry("NetworkPolicy", "shop/deny", "a", 1, "apply", "")]),
            ApiJson.Default.ObjectsResponse)
        .Says("GET /v1/objects?kind=Service",
            new ObjectsResponse(1, [new ObjectEntry("Service", "shop/web", "a", 1, "apply", "")]),
            ApiJson.Default.ObjectsResponse)
        .Says("GET /v1/objects?kind=Namespace",
            new ObjectsResponse(1, [new ObjectEntry("Namespace", "shop", "a", 1, "apply", "")]),
            ApiJson.Default.ObjectsResponse);

    public void Dispose()
    {
        _daemon.Dispose();
        _cli.Dispose();
    }

    [Theory]
    [InlineData("de", "delete demo describe")]
    [InlineData("--v", "--version")]
    [InlineData("get ",
        "adminnetworkpolicies all baselineadminnetworkpolicies clusternetworkpolicies cronjobs daemonsets deployments "
            + "endpoints endpointslices jobs namespaces networkpolicies nodes pods replicasets replicationcontrollers "
            + "services statefulsets")]
    [InlineData("get netpol ", "shop/deny")]
    [InlineData("get pods shop/", "shop/db shop/front")]
    [InlineData("get pods shop/db ", "")]
    [InlineData("get -n ", "shop")]
    [InlineData("get --sel", "--selector")]
    [InlineData("get -o json --o", "")]
    [InlineData("get --o", "--output")]
    [InlineData("get -o n", "name")]
    [InlineData("get --output = y", "yaml")]
    [InlineData("get --output=y", "--output=yaml")]
    [InlineData("why -o table s", "shop/db shop/front")]
    [InlineData("why shop/db n", "node")]
    [InlineData("trace shop/db ops/intruder ", "")]
    [InlineData("trace shop/db ser", "service:shop/web")]
    [InlineData("why shop/db service:", "service:shop/web")]
    [InlineData("why shop/db service : s", "shop/web")]
    [InlineData("why shop/db service :", "shop/web")]
    [InlineData("matrix --to service:", "service:shop/web")]
    [InlineData("matrix --from n", "node")]
    [InlineData("dns ", "")]
    [InlineData("dns web --from shop/", "shop/db shop/front")]
    [InlineData("exec ops/", "ops/intruder")]
    [InlineData("exec ops/intruder -- ", "")]
    [InlineData("delete --wait pod shop/d", "shop/db")]
    [InlineData("flows --pod shop/f", "shop/front")]
    [InlineData("flows --verdict d", "denied")]
    [InlineData("matrix --family ", "4 6")]
    [InlineData("rea", "read")]
    [InlineData("read evidence.pcapng -o ", "json table")]
    [InlineData("capture --fil", "--filter")]
    [InlineData("completion ", "bash fish zsh")]
    [InlineData("validate ", "")]
    [InlineData("apply -f ", "")]
    [InlineData("nonsense ", "")]
    [InlineData("--socket /nowhere get pods ", "")]
    public void Candidates(string line, string expected)
    {
        var outcome = _cli.Run(["__complete", "--", .. line.Split(' ')]);
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        Assert.Equal(expected, string.Join(' ',
            outcome.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')[0])));
    }

    /// <summary>Whatever stands before the cursor: a completion has candidates or none, and never fails.</summary>
    [Fact]
    public void Every_place_of_every_command_completes_or_answers_nothing()
    {
        var commands = Words("").Append("dns-server").ToList();
        Assert.True(commands.Count > 15);
        foreach (var command in commands)
        {
            string[] before = [command];
            for (var i = 0; i < 4; i++, before = [.. before, "word"])
            {
                _ = Words([.. before, ""]);
                foreach (var option in Words([.. before, "-"])) _ = Words([.. before, option, ""]);
            }
        }

        List<string> Words(params string[] line)
        {
            var outcome = _cli.Run(["__complete", "--", .. line]);
            Assert.True((outcome.Exit, outcome.Error) == (0, ""), $"{string.Join(' ', line)}: {outcome.Error}");
            return [.. outcome.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')[0])];
        }
    }

    [Fact]
    public void Commands_are_described() =>
        Assert.Equal("topology\tThe node's bridge, its ports, and the pods behind them, "
            + "with names and addresses as the kernel has them; and the Services, with the pods behind each\n",
            _cli.Run("__complete", "--", "topo").Out);

    [Fact]
    public void Without_a_daemon_it_is_silent()
    {
        using var alone = new Cli();
        var outcome = alone.Run("__complete", "--", "exec", "");
        Assert.Equal((0, "", ""), (outcome.Exit, outcome.Out, outcome.Error));
    }

    [Theory]
    [InlineData("dataplane dele", "delete")]
    [InlineData("dataplane get pods shop/", "shop/db shop/front")]
    [InlineData("dataplane why shop/front shop/db --port U", "UDP:")]
    [InlineData("dataplane get --output=ya", "yaml")]
    public void Bash_offers_them(string line, string expected)
    {
        // As readline does it: words broken at blanks and at =, the cursor at the end.
        var script = $$"""
            PATH={{AppContext.BaseDirectory}}:$PATH
            source <(dataplane completion bash)
            line={{Quoted(line)}}
            read -ra COMP_WORDS <<< "${line//=/ = }"
            [[ $line == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            compopt() { :; }
            _dataplane dataplane "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
            echo "${COMPREPLY[*]}"
            """;
        var (exit, output, error) = Start("bash", "--norc", "-c", script)!.Value;
        Assert.Equal((0, expected + "\n", ""), (exit, output, error));
    }

    /// <summary>By the shells that are installed; bash is, or the tests above had failed.</summary>
    [Fact]
    public void Scripts_parse()
    {
        foreach (var shell in CompletionScripts.Shells)
        {
            var path = _cli.File("script", _cli.Run("completion", shell).Out);
            if (Start(shell, "-n", path) is { } verdict) Assert.Equal((0, "", ""), verdict);
        }
    }

    private static string Quoted(string text) => $"'{text}'";

    /// <summary>Null where there is no such program.</summary>
    private (int Exit, string Output, string Error)? Start(string program, params string[] arguments)
    {
        var start =
            new ProcessStartInfo(program, arguments) { Environment = { [DaemonChoice.Variable] = _cli.Socket } };
        return Tool.TryRun(start) is { } result ? (result.ExitCode, result.Output, result.Error) : null;
    }
}
