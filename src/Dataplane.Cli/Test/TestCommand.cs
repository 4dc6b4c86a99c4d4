using System.CommandLine;
using System.Text.Json;
using Dataplane.Cli.Input;
using Dataplane.Cli.Options;
using Dataplane.Cli.Output;
using Dataplane.Cli.Page;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Test;

/// <summary><c>test</c>: checks manifests against assertion files.</summary>
internal static class TestCommand
{
    public static Command Build(Shell shell)
    {
        var files = new ManifestChoice("assertion files");
        files.Files.Description =
            "Assertion files: a file; or a directory, with all expect.yaml and *.expect.yaml below it; may be repeated";
        var packets = new Option<bool>("--packets")
        {
            Description = "Ask real packets on a private node, not the policies; needs root"
        };
        var (allowEmpty, assumptions) = (Emptiness.Allowed(), new Assumptions());
        var (output, networks) = (Settings.Output("table", "json", "tap", "junit", "html"), new NetworkOptions());
        var command = new HelpfulCommand("test",
            "Checks what assertion files expect: who reaches whom, and who must not. Offline by default: no "
                + "root, no daemon, no packets.")
        {
            Examples =
            [
                ("dataplane test manifests/", "every expect.yaml and *.expect.yaml below it"),
                ("sudo dataplane test --packets manifests/expect.yaml", "the same, asked with packets"),
                ("dataplane test -o junit manifests/ > test.xml", "in CI; also -o tap"),
                ("dataplane test -o html manifests/ > test.html", "a page with every failure's reason"),
            ],
            Exits =
            [
                (0, "everything is as expected"),
                (1, "something is not, or a file or a step has nothing to check"),
                (2, "wrong command line"),
                (3, "an assertion file or its manifests are rejected or unreadable"),
                (4, "--packets: not root"),
                (5, "--packets: the kernel refused"),
                (6, "--packets: undecided, or a control failed"),
                (130, "interrupted; everything is removed"),
            ],
            Remarks =
            [
            """
            An assertion file:
              manifests: [., ../common]       # relative to the file; without it, the file's own directory
              external: [192.0.2.7]           # addresses outside that take part in default
              default: deny                   # allow or deny: every pair that expect does not name
              expect:
                - {from: shop/front, to: shop/db, port: 5432, want: allow}
                - {from: {namespace: ops}, to: {labels: {app: db}}, port: [TCP:5432, ICMP], want: deny}
                - {from: 203.0.113.0/24, to: shop/front, want: allow}      # without port: those that the pod declares
                - {from: "ingress/{app=proxy}", to: shop/web, want: allow} # a pod that is not loaded; a workload's pods
            Or `steps:`, a list of the same with a `name` each; steps do not add up.
            """.Trim(),
                "Files of these names are no manifests: -f DIR passes over them.",
            ],
        };
        files.AddTo(command);
        assumptions.AddTo(command);
        foreach (var option in (Option[])[packets, allowEmpty, output, .. networks.All]) command.Add(option);
        command.SetAction(parsed =>
        {
            var measured = parsed.GetValue(packets);
            if (measured) Privilege.Require(shell, "test --packets");
            var node = networks.Of(parsed);
            var cases = AssertionInput.Load(
                shell, files.Required(parsed), node, cluster => assumptions.Apply(parsed, cluster));
            if (measured && cases.FirstOrDefault(c => c.IsHypothetical) is { } hypothetical)
            {
                throw new CommandFailure(
                    ExitCodes.Usage,
                    $"--packets: {hypothetical.Title} names a pod that is not loaded: no packet can be sent from it or "
                        + "to it");
            }
            var report = measured ? TestRun.ByPackets(shell, cases, node) : TestRun.ByPolicies(cases);
            report = report with { AllowsEmpty = parsed.GetValue(allowEmpty) };
            if (parsed.GetRequiredValue(output) == "html")
            {
                PageHtml.Write(shell, TestPage.Of(new PageDocument("test", CommandText.Of(parsed), ""), report));
            }
            else
            {
                Write(shell, report, parsed.GetRequiredValue(output));
            }
            var empty = ExitCodes.Yes;
            foreach (var nothing in report.Empty)
            {
                empty = Emptiness.Report(
                    shell,
                    $"{nothing.Title}: it names no flow, and its manifests have no pair of pods",
                    report.AllowsEmpty);
            }
            return report.ControlFailure is not null ? ExitCodes.Undecided
                : report.Failed > report.Undecided ? ExitCodes.No
                : report.Undecided > 0 ? ExitCodes.Undecided : empty;
        });
        return command;
    }

    private static void Write(Shell shell, TestReport report, string format)
    {
        if (report.ControlFailure is { } failure)
            shell.Error.WriteLine($"control failed: {failure}; nothing here can be trusted");
        switch (format)
        {
            case "json":
                shell.WriteJson(json =>
                    JsonSerializer.Serialize(json, TestData.ToDocument(report), Documents.Default.TestDocument));
                break;
            case "tap":
                TestData.WriteTap(shell.Out, report);
                break;
            case "junit":
                TestData.WriteJUnit(shell.Out, report);
                break;
            default:
                TestTable.Write(shell.Out, shell.OutColours, report);
                break;
        }
    }
}
