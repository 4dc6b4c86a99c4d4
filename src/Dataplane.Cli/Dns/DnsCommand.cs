using System.CommandLine;
using System.Net;
using Dataplane.Api;
using Dataplane.Cli.Input;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;
using Dataplane.Dns.Resolving;
using Dataplane.Linux.Namespaces;
using Dataplane.Policy.Model;
using Dataplane.Services.Names;

namespace Dataplane.Cli.Dns;

/// <summary><c>dns</c>: what the resolver of a pod asks for a name, and what it is answered.</summary>
internal static class DnsCommand
{
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
            "How a pod resolves a name: each query of the search path and its answer. Of a daemon, the queries are "
                + "sent from the pod; with -f they are computed, as the cluster's name server answers.")
        {
            Examples =
            [
                ("sudo dataplane dns web --from shop/front", "asked from the pod: server, time, answer"),
                ("dataplane dns web --from shop/front -f manifests/", "a Service of the pod's own namespace"),
                ("dataplane dns db.data --from shop/front -f manifests/", "of another one"),
                ("dataplane dns example.com. --from shop/front -f manifests/", "one query instead of four"),
            ],
            Exits =
            [
                (0, "it has an address"), (1, "it has none, or a policy keeps the question from the server"),
                (2, "wrong command line, or no such pod"), (3, "manifests rejected or unreadable"),
                (4, "not root; or no -f, and no daemon to ask"),
                (6, "neither an answer nor a drop was seen; with -f: the pod asks other servers"),
            ],
            Remarks =
            [
                "The resolver stops at the first query that has an address: a name with fewer than five dots is "
                    + "looked for below the domains of the cluster first.",
                "REFUSED: the name is none of the cluster's, and the name server asks nobody else.",
                "DENIED: the question was dropped, as the drop log says, by the policy in the last column. "
                    + "UNREACHABLE: nothing answers at that address.",
            ],
        };
        command.Add(name);
        command.Add(from);
        input.AddTo(command);
        command.Add(output);
        command.SetAction(parsed =>
        {
            var (asked, pod) = (parsed.GetRequiredValue(name),
                ObjectNames.FullName(parsed.GetRequiredValue(from), input.GivenNamespace(parsed)));
            IEnumerable<string> services = [];
            List<DnsStep> steps;
            if (input.IsGiven(parsed))
            {
                var cluster = input.Load(parsed).Cluster;
                steps = Compute(cluster, asked, pod);
                services = cluster.Services.Select(s => s.Name);
            }
            else
            {
                steps = Send(shell, input, parsed, asked, pod, out services);
            }
            DnsText.Write(shell, steps, parsed.GetRequiredValue(output));
            if (!input.IsQuiet(parsed) && DnsHint.Of(asked, steps, services) is { } hint)
                shell.Error.WriteLine($"note: {hint}");
            return steps.Exists(s => s.HasAddress) ? ExitCodes.Yes
                : steps.Exists(s => s.Code == DnsStep.Silence) ? ExitCodes.Undecided : ExitCodes.No;
        });
        return command;
    }

    private static List<DnsStep> Compute(Cluster cluster, string name, string pod)
    {
        var from = cluster.Pods.FirstOrDefault(p => p.Name == pod) ?? throw Unknown(pod);
        if (!ResolverSettings.AsksCluster(from.Pod))
        {
            throw new CommandFailure(ExitCodes.Undecided,
                $"{pod} does not ask the cluster's name server, by its dnsPolicy: what others answer, "
                    + "a daemon can ask");
        }
        var names = new ClusterNames();
        names.MoveTo(cluster);
        var lookup = new Lookup(names.Records);
        // Which address the server has does not matter: its names are the same.
        var settings = ResolverSettings.Of(from.Pod, [IPAddress.Any], new ResolverSettings([], [], []));
        return DnsWalk.Go(settings, name, (query, kind) =>
            lookup.Ask(query, kind) is var answer ? [new DnsStep(query, kind, answer.Code, answer.Records)] : []);
    }

    private static List<DnsStep> Send(
        Shell shell, ClusterChoice input, ParseResult parsed, string name, string pod,
        out IEnumerable<string> services)
    {
        Privilege.Require(shell, "dns");
        using var client = input.ConnectInstead(parsed);
        var pods = client.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse);
        services = client.Get($"{ApiPaths.Objects}?kind=Service", ApiJson.Default.ObjectsResponse).Objects
            .Select(o => o.Name);
        var netnsName = PodNames.NamespaceOf(pods, pods.Pods.FirstOrDefault(p => p.Name == pod) ?? throw Unknown(pod));
        var settings = ResolverSettings.Parse(File.ReadLines(ResolverFile(netnsName)));
        if (settings.Servers.Count == 0)
            throw new CommandFailure(ExitCodes.Input, $"{ResolverFile(netnsName)} has no name server to ask");
        using var interruption = new Interruption(shell);
        using var netns = netnsName is null ? null : Netns.Open(netnsName);
        using var drops = new DropWitness(client, interruption.Token);
        return DnsWalk.Go(settings, name, new PodAsker(netns, settings, drops, interruption.Token).Ask);
    }

    /// <summary>The one that a program in the pod reads.</summary>
    private static string ResolverFile(string? netns) =>
        netns is not null && File.Exists($"/etc/netns/{netns}/resolv.conf") ? $"/etc/netns/{netns}/resolv.conf"
            : "/etc/resolv.conf";

    private static CommandFailure Unknown(string pod) => new(ExitCodes.Usage, $"no pod {pod}");
}
