using System.CommandLine;
using System.Net;
using System.Text.Json;
using Dataplane.Cli.Input;
using Dataplane.Cli.Options;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
using Dataplane.Dns.Resolving;
using Dataplane.Policy.Model;
using Dataplane.Services.Names;

namespace Dataplane.Cli.Dns;

/// <summary><c>dns</c>: what the resolver of a pod asks for a name, and what it is answered.</summary>
internal static class DnsCommand
{
    /// <summary>What getaddrinfo(3) asks for.</summary>
    private static readonly RecordKind[] Asked = [RecordKind.A, RecordKind.Aaaa];

    public static Command Build(Shell shell)
    {
        var name = new Argument<string>("name")
        {
            HelpName = "NAME",
            Description = "As a program in the pod writes it; with a final dot it is asked for as it is",
        };
        var from = new Option<string>("--from")
        {
            HelpName = "POD",
            Required = true,
            Description = "The pod that asks: namespace/pod, or a pod with -n",
        };
        var (input, output) = (new ClusterChoice(shell, greedy: false), Settings.Output("table", "json"));
        var command = new HelpfulCommand("dns",
            "How a pod resolves a name: each query of the search path and its answer, as the cluster's name server "
                + "gives it. Of manifests or, without -f, of the daemon. No packets are sent.")
        {
            Examples =
            [
                ("dataplane dns web --from shop/front -f manifests/", "a Service of the pod's own namespace"),
                ("dataplane dns db.data --from shop/front -f manifests/", "of another one"),
                ("dataplane dns example.com. --from shop/front -f manifests/", "one query instead of four"),
            ],
            Exits =
            [
                (0, "it has an address"), (1, "it has none"),
                (2, "wrong command line, or no such pod"), (3, "manifests rejected or unreadable"),
                (4, "no -f, and no daemon to ask"),
            ],
            Remarks =
            [
                "The resolver stops at the first query that has an address: a name with fewer than five dots is "
                    + "looked for below the domains of the cluster first.",
                "REFUSED: the name is none of the cluster's, and the name server asks nobody else.",
            ],
        };
        command.Add(name);
        command.Add(from);
        input.AddTo(command);
        command.Add(output);
        command.SetAction(parsed =>
        {
            var cluster = input.Load(parsed).Cluster;
            var pod = ObjectNames.FullName(parsed.GetRequiredValue(from), input.GivenNamespace(parsed));
            if (cluster.Pods.All(p => p.Name != pod)) throw new CommandFailure(ExitCodes.Usage, $"no pod {pod}");
            var steps = Resolve(cluster, parsed.GetRequiredValue(name), pod.Split('/')[0]);
            Write(shell, steps, parsed.GetRequiredValue(output));
            return steps.Any(s => s.Answer.Records.Any(r => IPAddress.TryParse(r, out _)))
                ? ExitCodes.Yes : ExitCodes.No;
        });
        return command;
    }

    private static List<(string Name, RecordKind Kind, LookupAnswer Answer)> Resolve(
        Cluster cluster, string name, string ns)
    {
        var names = new ClusterNames();
        names.MoveTo(cluster);
        var lookup = new Lookup(names.Records);
        var steps = new List<(string, RecordKind, LookupAnswer)>();
        foreach (var query in SearchPath.Queries(name, ns))
        {
            var answers = Asked.Select(kind => (query, kind, Ask(query, kind))).ToList();
            steps.AddRange(answers);
            if (answers.Exists(a => a.Item3.Records.Count > 0)) break;
        }
        return steps;

        LookupAnswer Ask(string query, RecordKind kind)
        {
            try
            {
                return lookup.Ask(query, kind);
            }
            catch (FormatException e)
            {
                throw new CommandFailure(ExitCodes.Usage, e.Message);
            }
        }
    }

    private static void Write(
        Shell shell, List<(string Name, RecordKind Kind, LookupAnswer Answer)> steps, string format)
    {
        if (format == "json")
        {
            IReadOnlyList<DnsDocument> documents =
                [.. steps.Select(s => new DnsDocument(s.Name, Type(s.Kind), s.Answer.Code, s.Answer.Records))];
            shell.WriteJson(json =>
                JsonSerializer.Serialize(json, documents, Documents.Default.IReadOnlyListDnsDocument));
            return;
        }
        var rows = new Columns();
        rows.Add("QUERY", "TYPE", "CODE", "ANSWER");
        foreach (var (name, kind, answer) in steps)
            rows.Add($"{name}.", Type(kind), answer.Code, string.Join(", ", answer.Records));
        rows.WriteTo(shell.Out);
    }

    private static string Type(RecordKind kind) => kind.ToString().ToUpperInvariant();
}
