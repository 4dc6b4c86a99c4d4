using System.CommandLine;
using System.Diagnostics;
using System.Net.Sockets;
using System.Reflection;
using Dataplane.Cli.Diagnostics;
using Dataplane.Cli.Input;
using Dataplane.Cli.Matrix;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;
using Dataplane.Cli.Verify;
using Dataplane.Cli.Why;
using Dataplane.Kubernetes.Loading;
using Dataplane.Node.Programming;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Explanations;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Demo;

/// <summary><c>demo</c>: runs a verification and an explanation on the embedded example manifests.</summary>
internal static class DemoCommand
{
    private const string Folder = "examples/demo";

    public static Command Build(Shell shell)
    {
        var command = new HelpfulCommand("demo",
            "The whole way once: example pods and policies in a private node, real packets, the matrix, one denied "
                + "flow explained; removes everything. The host's network is not touched.")
        {
            Examples = [("sudo dataplane demo", "takes about a second")],
            Exits =
            [
                (0, "every flow did what the policies say"),
                (1, "at least one did not"),
                (4, "not root"),
                (5, "the kernel refused"),
                (6, "undecided, or a control failed"),
                (130, "interrupted; everything is removed")
            ],
        };
        command.SetAction(_ => Run(shell));
        return command;
    }

    private static int Run(Shell shell)
    {
        Privilege.Require(shell, "demo");
        var clock = Stopwatch.StartNew();
        var loaded = ManifestLoader.LoadTexts(Manifests());
        var (cluster, node) = ClusterInput.From(shell, loaded, NodeOptions.Default, Remarks.Default);
        var parsing = clock.Elapsed;
        var elements = OfflineRuleset.Of(cluster).Elements;
        var probes = DefaultProbes.Of(cluster, 0, only: null, DefaultProbes.MostSent).Probes;

        var (output, colours) = (shell.Out, shell.OutColours);
        output.WriteLine($"dataplane demo: {Words.Count(cluster.Namespaces.Count, "namespace")}, "
            + $"{Words.Count(cluster.Pods.Count, "pod")}, "
            + $"{Words.Count(cluster.NetworkPolicies.Count, "policy")} in a private network namespace. The host's "
                + "network is not touched.");
        output.WriteLine();
        output.Flush();
        var report = VerifyRun.Run(shell, cluster, node, probes, [], only: null, pcapFile: null);

        var allAgree = report.Agree == report.Flows.Count;
        var steps = new Columns();
        Step("manifests", $"{Words.Count(loaded.Sources.Count, "file")} of {Folder}", parsing);
        Step("pods", string.Join(' ', cluster.Pods.Select(p => p.Name)), report.Timings.Attach);
        Step(
            "policies",
            $"{cluster.NetworkPolicies.Count} compiled to {Words.Count(elements, "set element")}, "
                + "loaded in one transaction",
            report.Timings.Program);
        Step(
            "packets",
            $"{Words.Count(report.Flows.Count, "flow")}: {string.Join(", ", probes)} over "
                + $"{Words.Families(AddressFamilies.All)}",
            report.Timings.Probe,
            allAgree);
        steps.WriteTo(output, "  ");
        output.WriteLine();

        MatrixTable.Write(output, colours, shell.Width, MatrixBlock.Of(report), measured: true);
        VerifyTable.WriteProblems(output, colours, cluster, report);
        var sum = $"{report.Agree} of {Words.Count(report.Flows.Count, "flow")} did what the policies say.";
        output.WriteLine($"\n{(allAgree ? colours.Green(sum) : colours.Red(sum))}\n");
        ExplainOne(output, cluster, report);
        output.WriteLine($"Everything is removed again. Took {Words.Time(clock.Elapsed)}.\n");
        WriteNext(output);
        return VerifyRun.ExitCode(report);

        void Step(string what, string how, TimeSpan time, bool good = true) =>
            steps.Add(good ? colours.Green("✓") : colours.Red("✗"), what, how, Words.Time(time));
    }

    private static IEnumerable<(string FileName, string Text)> Manifests()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return (name, reader.ReadToEnd());
        }
    }

    /// <summary>Finds a flow to a declared port that is denied at its destination.</summary>
    private static void ExplainOne(Printer output, Cluster cluster, VerifyReport report)
    {
        var shown = report.Flows.FirstOrDefault(f =>
            f is { Agrees: true, Measured: Measured.Denied, Flow.Family: AddressFamily.InterNetwork }
            && f.Flow.To is PodEndpoint to
            && to.Pod.Ports.Any(p =>
                p.Protocol.ToFlowProtocol() == f.Flow.Probe.Protocol && p.Port == f.Flow.Probe.Port)
            && Explanation.Of(cluster, f.Flow) is { Leaving.Verdict.Allowed: true, Entering.Nearest.Count: > 0 });
        if (shown is null) return;
        output.WriteLine($"Why is {VerifyTable.Title(shown.Flow)} denied?");
        output.WriteLine($"  policy  {FlowReasons.Policies(cluster, shown.Flow)}");
        output.WriteLine($"  kernel  {FlowReasons.Kernel(shown)}\n");
    }

    /// <summary>
    /// Suggests commands; they use the example's files if the program runs from a clone of the repository.
    /// </summary>
    private static void WriteNext(Printer output)
    {
        var folder = Directory.Exists(Folder) ? Folder : "my-manifests/";
        var columns = new Columns();
        columns.Add(
            Directory.Exists(Folder)
                ? $"dataplane why ops/intruder shop/db -f {folder}"
                : $"dataplane why SRC DST -f {folder}",
            "every policy that decided, with file and line");
        columns.Add($"dataplane matrix -f {folder}", "what the policies say; needs no root");
        columns.Add($"sudo dataplane verify -f {folder} -o json", "expected and measured, for scripts");
        columns.Add("sudo dataplane daemon --kubernetes-api 127.0.0.1:6443",
            "kubectl and helm work with it: docs/kubernetes-api.md");
        columns.Add("dataplane --help", "all commands");
        output.WriteLine("Next:");
        columns.WriteTo(output, "  ");
    }
}
