using System.CommandLine;
using Dataplane.Api;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Input;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;
namespace Dataplane.Cli.Get;

/// <summary><c>describe</c>: shows one object and its effect together with the other objects.</summary>
internal static class DescribeCommand
{
    public static Command Build(Shell shell)
    {
        var kind = new Argument<string>("kind")
        {
            HelpName = "KIND",
            Description = "As get takes it: po, svc, ns, netpol, anp, banp, cnp"
        };
        var name = new Argument<string?>("name")
        {
            HelpName = "NAME",
            Arity = ArgumentArity.ZeroOrOne,
            Description = "namespace/name, or a name with -n"
        };
        var (ns, daemon) = (Settings.Namespace(), new DaemonChoice(shell));
        var command = new HelpfulCommand("describe",
            "One object and what it comes to. A pod: where it is attached, which policies isolate it, with file and "
                + "line, and who reaches it. A Service: its addresses, ports and endpoints, which are not ready "
                + "and why, and who reaches it. A policy: what each of its selectors matches now.")
        {
            Examples =
            [
                ("dataplane describe pod shop/db", "is it isolated, by what, and who reaches it"),
                ("dataplane describe netpol shop/allow-front",
                    "which pods it selects, and which ones each rule lets through"),
                ("dataplane describe svc shop/web", "where it leads, and who may follow"),
                ("dataplane describe ns shop", "what is in it"),
            ],
            Exits =
            [
                (0, "described"),
                (1, "no such object"),
                (2, "wrong command line, or no such kind"),
                (4, "no daemon, or no permission")
            ],
            Remarks =
            [
                "Who reaches a pod is computed, for the ports it declares (TCP 80 where none); "
                    + "`dataplane verify` sends packets."
            ],
        };
        command.Add(kind);
        command.Add(name);
        command.Add(ns);
        daemon.AddTo(command);
        command.SetAction(parsed =>
        {
            var asked = ObjectNames.Parse(parsed.GetRequiredValue(kind), parsed.GetValue(name), parsed.GetValue(ns));
            if (asked.Name is not { } exact)
            {
                throw new CommandFailure(
                    ExitCodes.Usage, "describe which one? give its name; dataplane get lists them");
            }
            using var client = daemon.Connect(parsed);
            var cluster = DaemonState.Fetch(client).Cluster;
            switch (asked.Kinds[0].Name)
            {
                case "Pod":
                    var pod = cluster.Pods.FirstOrDefault(p => p.Name == exact)
                        ?? throw PodNames.Unknown(exact, cluster.Pods.Select(p => p.Name));
                    var attached = client.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse);
                    PodPage.Write(
                        shell.Out, shell.OutColours, cluster, pod, attached.Pods.FirstOrDefault(p => p.Name == exact));
                    break;
                case "NetworkPolicy" when cluster.NetworkPolicies.FirstOrDefault(p =>
                    p.FullName == exact) is { } policy:
                    PolicyPage.Write(shell.Out, cluster, policy);
                    break;
                case "Service" when cluster.Services.FirstOrDefault(s => s.Name == exact) is { } service:
                    ServicePage.Write(shell.Out, shell.OutColours, cluster, service);
                    break;
                case "Namespace" when cluster.Namespaces.TryGetValue(exact, out var found):
                    NamespacePage.Write(shell.Out, cluster, found);
                    break;
                case "Endpoints" or "EndpointSlice" when Listing(client, asked.Kinds[0].Name, exact) is { } listing:
                    shell.Out.WriteLine($"{shell.OutColours.Bold($"{listing.Kind} {listing.Name}")}   "
                        + $"{listing.File}:{listing.Line}");
                    foreach (var line in listing.Text.TrimEnd('\n').Split('\n')) shell.Out.WriteLine(line);
                    break;
                case var tier when cluster.TierPolicies.FirstOrDefault(p =>
                    p.Kind == tier && p.Name == exact) is { } policy:
                    PolicyPage.Write(shell.Out, cluster, policy);
                    break;
                default:
                    throw new CommandFailure(ExitCodes.No, $"no {asked.Describe()}");
            }
            return ExitCodes.Yes;
        });
        return command;
    }

    /// <summary>The object, also one that is computed from a selector; null: there is none.</summary>
    private static ObjectEntry? Listing(DaemonClient client, string kind, string name) =>
        client.Get($"{ApiPaths.Objects}?kind={kind}", ApiJson.Default.ObjectsResponse).Objects
            .FirstOrDefault(o => o.Name == name);
}
