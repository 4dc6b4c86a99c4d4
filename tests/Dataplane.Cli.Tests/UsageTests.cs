using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Tests;

/// <summary>A wrong command line is one line on stderr, where to read on, and exit code 2.</summary>
public sealed class UsageTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void No_arguments() =>
        _cli.Run()
            .ShouldFail(2, "dataplane: no command given; see dataplane --help, or start with: sudo dataplane demo");

    [Theory]
    [InlineData("matrx", "dataplane: unknown command \"matrx\"; did you mean matrix?", "see dataplane --help")]
    [InlineData("matrix --prob TCP:80", "dataplane: unknown option --prob; did you mean --probe?",
        "see dataplane matrix --help")]
    [InlineData("cleanup now", "dataplane: unexpected argument \"now\"", "see dataplane cleanup --help")]
    [InlineData("matrix -o yaml -f a", "dataplane: --output yaml: not one of table, list, json, csv, md, html",
        "see dataplane matrix --help")]
    [InlineData("matrix --probe TCP -f a",
        "dataplane: --probe \"TCP\" is no probe; write 80 (TCP), TCP:80, UDP:53, SCTP:132 or ICMP",
        "see dataplane matrix --help")]
    [InlineData("matrix --probe TCP:70000 -f a", "dataplane: --probe \"TCP:70000\": a port is a number from 1 to 65535",
        "see dataplane matrix --help")]
    [InlineData("why a b --port icmp:1 -f a", "dataplane: --port \"icmp:1\": ICMP has no port",
        "see dataplane why --help")]
    [InlineData("matrix --family 5 -f a", "dataplane: --family 5: not one of 4, 6", "see dataplane matrix --help")]
    [InlineData("matrix --pod-cidr 10.0.0.0/31 -f a",
        "dataplane: --pod-cidr 10.0.0.0/31: too small for a gateway and a pod; at most /30",
        "see dataplane matrix --help")]
    [InlineData("matrix --pod-cidr 10.0.0.0/8 --pod-cidr 11.0.0.0/8 -f a",
        "dataplane: --pod-cidr 11.0.0.0/8: there is an IPv4 pod network already", "see dataplane matrix --help")]
    [InlineData("why a -f p", "dataplane: Required argument 'DST' missing for command: 'why'.",
        "see dataplane why --help")]
    [InlineData("why a b --expect maybe -f p", "dataplane: --expect maybe: not one of allow, deny",
        "see dataplane why --help")]
    [InlineData("diff -o csv -f p", "dataplane: --output csv: not one of table, json, md, html",
        "see dataplane diff --help")]
    [InlineData("test -o md p", "dataplane: --output md: not one of table, json, tap, junit, html",
        "see dataplane test --help")]
    [InlineData("get pds", "dataplane: no kind \"pds\"; did you mean pods?")]
    [InlineData("get po,netpol a", "dataplane: a name needs one kind, and \"po,netpol\" is several")]
    [InlineData("get po x/a -n y", "dataplane: x/a is not of namespace y")]
    [InlineData("get po -l a=b=c", "dataplane: --selector a=b=c: write k=v, k!=v, k or !k", "see dataplane get --help")]
    [InlineData("describe po", "dataplane: describe which one? give its name; dataplane get lists them")]
    [InlineData("delete", "dataplane: nothing to delete; name manifests with -f PATH, or KIND NAME")]
    [InlineData("delete --wait pod", "dataplane: which pod? give its name")]
    [InlineData("apply", "dataplane: no manifests given; name them: dataplane apply PATH")]
    [InlineData("apply -f a --wait=soon", "dataplane: --wait soon: no number of seconds, more than 0 and at most 300",
        "see dataplane apply --help")]
    [InlineData("status --timeout 0", "dataplane: --timeout 0: no number of seconds, more than 0 and at most 300",
        "see dataplane status --help")]
    [InlineData("flows --verdict no", "dataplane: --verdict no: not one of all, allowed, denied",
        "see dataplane flows --help")]
    [InlineData("flows --last -1", "dataplane: --last -1: no number from 0 to 10000", "see dataplane flows --help")]
    [InlineData("capture x/a --count 0", "dataplane: --count 0: no number from 1 on", "see dataplane capture --help")]
    [InlineData("trace x/a", "dataplane: Required argument 'DST' missing for command: 'trace'.",
        "see dataplane trace --help")]
    [InlineData("diff", "dataplane: nothing to compare with the daemon's state: name the new manifests with -f PATH, "
        + "or the old ones with --against PATH")]
    [InlineData("matrix --pod-cidr 10.0.0.0/8",
        "dataplane: --pod-cidr is for manifests, with -f PATH; the daemon has its own node")]
    [InlineData("verify --external 192.0.2.1",
        "dataplane: --external is for manifests, with -f PATH; the daemon has its own node")]
    [InlineData("verify --sample 0", "dataplane: --sample 0: no number from 1 on", "see dataplane verify --help")]
    [InlineData("verify --sample 5 --seed x", "dataplane: --seed x: no whole number", "see dataplane verify --help")]
    [InlineData("verify --seed 5", "dataplane: --seed is for --sample N")]
    [InlineData("verify --backend ebpf -f p", "dataplane: --backend ebpf: not one of nftables",
        "see dataplane verify --help")]
    public void One_line_and_where_to_read_on(string line, params string[] fault) =>
        _cli.Run(line.Split(' ')).ShouldFail(2, fault);

    [Theory]
    [InlineData("matrix --external nowhere",
        "dataplane: --external nowhere: no IP address; write it like 172.17.5.9 or 2001:db8::1")]
    [InlineData("matrix --external 10.1",
        "dataplane: --external 10.1: no IP address; write it like 172.17.5.9 or 2001:db8::1")]
    [InlineData("matrix --external 10.244.0.2",
        "dataplane: --external 10.244.0.2: the address of pod x/client, which is not outside")]
    [InlineData("matrix --external 10.244.0.1",
        "dataplane: --external 10.244.0.1: the address of the node, which is not outside")]
    [InlineData("matrix --external 224.0.0.1",
        "dataplane: --external 224.0.0.1: 224.0.0.1 is not the address of one machine")]
    [InlineData("why x/web x/clint", "dataplane: no pod \"x/clint\"; did you mean \"x/client\"?")]
    [InlineData("why 192.0.2.1 192.0.2.2", "dataplane: 192.0.2.1 to 192.0.2.2: neither is a pod, so no policy applies")]
    [InlineData("why 192.0.2.1 x/web --family 6", "dataplane: 192.0.2.1 and x/web do not both have IPv6")]
    public void Names_that_do_not_fit_the_manifests(string line, string fault) =>
        _cli.Run([.. line.Split(' '), "-f", _cli.Example()]).ShouldFail(2, fault);

    [Theory]
    [InlineData("matrix")]
    [InlineData("why x/a x/b")]
    [InlineData("diff --against a")]
    [InlineData("diff -f a")]
    [InlineData("verify")]
    [InlineData("rules")]
    public void Without_manifests_there_is_nobody_to_ask(string line) =>
        _cli.Run(line.Split(' ')).ShouldFail(4, "dataplane: no daemon answers at DIR/s; start it with: "
            + "sudo dataplane daemon, or name the manifests with -f PATH");

    [Theory]
    [InlineData("demo")]
    [InlineData("cleanup")]
    [InlineData("verify -f DIR")]
    public void Not_root(string line) =>
        _cli.Run([.. line.Split(' ').Select(w => w == "DIR" ? _cli.Example() : w)])
            .ShouldFail(4, $"dataplane: needs root: run it with sudo dataplane {line.Split(' ')[0]}");

    [Fact]
    public void Packets_need_root() =>
        _cli.Run("test", "--packets", _cli.Example())
            .ShouldFail(4, "dataplane: needs root: run it with sudo dataplane test --packets");

    [Fact]
    public void Every_command_has_help_with_examples_and_exit_codes()
    {
        using var shell = new Shell(Stream.Null, TextWriter.Null, TextReader.Null);
        var names = CommandTree.Build(shell).Subcommands.Where(c => !c.Hidden).Select(c => c.Name).ToList();
        Assert.Equal(
        [
            "demo", "validate", "matrix", "why", "dns", "diff", "verify", "test", "rules", "doctor", "cleanup",
            "daemon", "cni", "apply", "delete", "get", "describe", "status", "kubeconfig", "topology", "flows", "trace",
            "capture", "ui", "read", "exec", "logs", "completion",
        ], names);
        foreach (var name in names)
        {
            var outcome = _cli.Run(name, "--help");
            Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
            Assert.Contains($"\nExamples:\n", outcome.Out, StringComparison.Ordinal);
            Assert.Contains($"\nUsage:\n  dataplane {name}", outcome.Out, StringComparison.Ordinal);
            Assert.Contains("\nExit codes:\n  0  ", outcome.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Root_help_and_version_are_data()
    {
        Assert.Contains("\n  matrix      ", _cli.Run("--help").Out, StringComparison.Ordinal);
        Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+", _cli.Run("--version").Out);
    }
}
