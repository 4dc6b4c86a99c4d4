using System.CommandLine;
using Dataplane.Cli.Input;
using Dataplane.Cli.Options;
using Dataplane.Cli.Page;
using Dataplane.Cli.Terminal;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Matrix;

/// <summary><c>matrix</c>: computes the verdict of the policies for every pair.</summary>
internal static class MatrixCommand
{
    public static Command Build(Shell shell)
    {
        var (input, selection) = (new ClusterChoice(shell), new MatrixSelection());
        var (probes, externals, family) = (Settings.Probes(), Settings.ExternalsAndPods(), Settings.Family());
        var assumptions = new Assumptions();
        var output = Settings.Output("table", "list", "json", "csv", "md", "html");
        var command = new HelpfulCommand(
            "matrix",
            "Who reaches whom: what the policies say, of manifests or, without -f, of the daemon. No packets are sent; "
                + "with -f there is no need of root or a daemon.")
        {
            Examples =
            [
                ("dataplane matrix -f manifests/",
                    "every pod to every pod, for every port that a pod declares or a policy names"),
                ("dataplane matrix -f pods.yaml -f policies.yaml --probe TCP:80 --probe ICMP", "two probes"),
                ("dataplane matrix -f manifests/ --external 172.17.5.9 -o json > before.json",
                    "with an address outside; one verdict a line, to diff after a change"),
                ("dataplane matrix -f manifests/ --to shop/postgres -o list", "who reaches one pod or workload"),
                ("dataplane matrix -f manifests/ --from shop/web --to 10.0.0.0/8",
                    "a workload, and every part of a network that policies tell apart"),
                ("dataplane matrix -n shop -l tier=db", "the pods of the daemon that have a label"),
                ("dataplane matrix -f manifests/ -o html > report.html",
                    "a page with every cell's reason, to open and to attach"),
                ("helm template my-chart | dataplane matrix -f -", "manifests from another program"),
                ("dataplane matrix", "what the daemon enforces"),
            ],
            Exits =
            [
                (0, "answered"),
                (2, "wrong command line"),
                (3, "manifests rejected or unreadable"),
                (4, "no -f, and no daemon to ask")
            ],
            Remarks =
            [
                "ICMP has no port: JSON and CSV say port 0. In the table probes and families that "
                    + "look alike share one matrix.",
                "In tables and lists replicas of a workload that answer alike are one row and one column, with their "
                    + "number. A table that is wider than the terminal (or COLUMNS) is transposed, has numbers for "
                    + "columns, or is a list.",
                "Without --probe a port is a table, or a list, of the pods that declare it or that a policy names it "
                    + "for; JSON and CSV have every port of every pod.",
                "-n and -l leave out other pods at an end without --from or --to.",
            ],
        };
        input.AddTo(command);
        selection.AddTo(command);
        assumptions.AddTo(command);
        foreach (var option in (Option[])[probes, externals, family, output]) command.Add(option);
        command.SetAction(parsed =>
        {
            var loaded = input.Load(parsed);
            var names = assumptions.Names(parsed, loaded.Cluster, loaded.Node.PodNetworks, input.Namespace(parsed));
            var outside = ExternalInput.Resolve(names, parsed.GetValue(externals));
            var ends = selection.Of(parsed, names, input.GivenNamespace(parsed), outside);
            if (!input.IsQuiet(parsed)) Assumptions.Tell(shell, names.Notes());
            var cluster = names.Cluster;
            var judge = new CompiledEvaluator(cluster, Compiler.Compile(cluster));
            var only = parsed.GetValue(family);
            var given = parsed.GetValue(probes) is { Length: > 0 } named ? named : null;
            var format = parsed.GetRequiredValue(output);
            var asked = ends.Destinations.Count == 0 ? []
                : AskedProbes.Of(shell, given, cluster, outside.Count, only,
                    format == "html" ? PageBuilder.MostCells : DefaultProbes.MostComputed);
            var crossing = given is null && asked.Count > 0 && format is not ("json" or "csv" or "html")
                ? new MatrixCrossing(cluster, asked, ends, selection.NamesDestinations(parsed)) : null;
            var judged = new List<Flow>();
            var matrix = ReachabilityMatrix.Between(
                cluster, asked, ends, Judge, only, crossing is null ? null : crossing.Has);
            IReadOnlyList<ServiceMatrix> services = [.. ServiceMatrix.Of(cluster, Bounded(shell, selection.Services(
                parsed, names, input.GivenNamespace(parsed)), ends), ends.Sources, judge.IsAllowed, only),
                .. ServiceMatrix.At(cluster, ends,
                    given is null && selection.NamesDestinations(parsed) ? null : asked, judge.IsAllowed, only)];
            if (format == "html")
            {
                var page = new PageBuilder(cluster, loaded.Sources);
                MatrixPage.Add(page, matrix, judged);
                MatrixPage.Add(page, services);
                PageHtml.Write(shell, page.Build(new PageDocument(
                    "matrix", CommandText.Of(parsed), CommandText.Input(input.Paths(parsed)))));
            }
            else
            {
                Write(shell, matrix, services, format, selection.IsBySource(parsed));
            }
            if (crossing?.LeftOut is { } left) shell.Out.WriteLine($"\n{left}");
            if (matrix.Probes.Count == 0 && services.Count == 0)
            {
                var reason = Emptiness.Reason(cluster, only, manifests: input.IsGiven(parsed));
                shell.Error.WriteLine($"nothing to show: {reason}");
            }
            return ExitCodes.Yes;

            bool Judge(Flow flow)
            {
                if (format == "html") judged.Add(flow);
                return judge.IsAllowed(flow);
            }
        });
        return command;
    }

    /// <summary>None where there would be too many answers; stderr says so.</summary>
    private static IReadOnlyList<PlacedService> Bounded(
        Shell shell, IReadOnlyList<PlacedService> services, MatrixEnds ends)
    {
        if (services.Sum(s => (long)s.Object.Ports.Count) * ends.Sources.Count <= DefaultProbes.MostComputed)
            return services;
        shell.Error.WriteLine($"{services.Count} Services are left out: name some with --to service:namespace/name");
        return [];
    }

    private static void Write(Shell shell, ReachabilityMatrix matrix, IReadOnlyList<ServiceMatrix> services,
        string format, bool bySource)
    {
        switch (format)
        {
            case "json":
                shell.WriteJson(json => MatrixJson.Write(json, matrix, services));
                break;
            case "csv":
                MatrixText.WriteCsv(shell.Out, matrix);
                ServiceSection.WriteCsv(shell.Out, services);
                break;
            case "md":
                MatrixText.WriteMarkdown(shell.Out, Filled(shell, matrix, services));
                ServiceSection.WriteMarkdown(shell.Out, services, isAlone: matrix.Probes.Count == 0);
                break;
            case "list":
                if (matrix.Probes.Count > 0)
                    MatrixList.Write(shell.Out, shell.OutColours, Filled(shell, matrix, services), bySource);
                ServiceSection.WriteTable(shell.Out, shell.OutColours, services, isAlone: matrix.Probes.Count == 0);
                break;
            default:
                MatrixTable.Write(shell.Out, shell.OutColours, shell.Width, Filled(shell, matrix, services));
                ServiceSection.WriteTable(shell.Out, shell.OutColours, services, isAlone: matrix.Probes.Count == 0);
                break;
        }
    }

    /// <summary>Leaves out matrices without a flow, and names them on stderr.</summary>
    private static IReadOnlyList<MatrixBlock> Filled(
        Shell shell, ReachabilityMatrix matrix, IReadOnlyList<ServiceMatrix> services)
    {
        var blocks = MatrixBlock.Of(matrix);
        foreach (var empty in blocks.Where(b => b.IsEmpty && b.HasPairs
            && !services.Any(service => service.Address is not null)))
        {
            shell.Error.WriteLine($"no matrix of {empty.Title}: no two endpoints have that family");
        }
        return [.. blocks.Where(b => !b.IsEmpty || !b.HasPairs)];
    }
}
