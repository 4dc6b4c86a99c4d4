using System.CommandLine;
using Dataplane.Api;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Kinds;
namespace Dataplane.Cli.Get;

/// <summary><c>get</c>: lists the objects of the daemon's desired state.</summary>
internal static class GetCommand
{
    public static Command Build(Shell shell)
    {
        var kind = new Argument<string>("kind")
        {
            HelpName = "KIND",
            Description = "pods (po), services (svc), endpoints (ep), endpointslices, namespaces (ns),\n"
                + "networkpolicies (netpol), adminnetworkpolicies (anp),\n"
                + "baselineadminnetworkpolicies (banp), clusternetworkpolicies (cnp), nodes (no), deployments (deploy) "
                + "and the like,\nseveral with commas, or all"
        };
        var name = new Argument<string?>("name")
        {
            HelpName = "NAME",
            Arity = ArgumentArity.ZeroOrOne,
            Description = "One object: namespace/name, or a name with -n"
        };
        var (ns, labels, daemon) = (Settings.Namespace(), LabelFilter.Option(), new DaemonChoice(shell));
        var all = ObjectScope.AllNamespaces();
        var showLabels = new Option<bool>("--show-labels") { Description = "A column with the labels in every table" };
        var output = Settings.Output("table", "wide", "json", "yaml", "name");
        var command = new HelpfulCommand(
            "get", "The objects that the daemon has been given, by apply or by its manifest directory.")
        {
            Examples =
            [
                ("dataplane get pods -A", "all pods with their addresses"),
                ("dataplane get po,netpol -n shop -o wide",
                    "also where each comes from, and each pod's network namespace and port"),
                ("dataplane get netpol shop/deny-all -o yaml", "the manifest as it was given"),
                ("dataplane get all -A -l tier=back -o name", "for scripts: kind/namespace/name, one a line"),
            ],
            Exits =
            [
                (0, "printed; there may be none"),
                (1, "no object of that name"),
                (2, "wrong command line, or no such kind"),
                (4, "no daemon, or no permission")
            ],
            Remarks =
            [
                "Without -n and -A: namespace default, as with kubectl. A NAME as namespace/name needs neither.",
                "-o json prints {\"generation\", \"objects\": [{kind, name, file, line, source, text, labels, pod}]}."
            ],
        };
        command.Add(kind);
        command.Add(name);
        foreach (var option in (Option[])[ns, all, labels, showLabels, output]) command.Add(option);
        daemon.AddTo(command);
        command.SetAction(parsed =>
        {
            var asked = ObjectNames.Parse(parsed.GetRequiredValue(kind), parsed.GetValue(name), parsed.GetValue(ns));
            var scope = new ObjectScope(
                asked,
                parsed.GetValue(all) ? null : parsed.GetValue(ns) ?? ObjectNames.DefaultNamespace,
                parsed.GetValue(labels));
            using var client = daemon.Connect(parsed);
            var answer = client.Get(
                asked.Kinds is [var one] ? $"{ApiPaths.Objects}?kind={one.Name}" : ApiPaths.Objects,
                ApiJson.Default.ObjectsResponse);
            // Endpoints that selectors find are computed for those who name their kind.
            var computed = asked.IsEverything || asked.Kinds.Count == 1 ? []
                : asked.Kinds.Where(k => k == ObjectKinds.Endpoints || k == ObjectKinds.EndpointSlice)
                    .SelectMany(k => client.Get($"{ApiPaths.Objects}?kind={k.Name}", ApiJson.Default.ObjectsResponse)
                        .Objects);
            var found = answer.Objects.Concat(computed).DistinctBy(o => (o.Kind, o.Name)).Where(scope.Contains)
                .ToList();
            if (asked.Name is not null && found.Count == 0) throw new CommandFailure(ExitCodes.No, scope.None());
            if (found.Count == 0) shell.Error.WriteLine(scope.None());
            ObjectText.Write(shell, answer with { Objects = found }, parsed.GetRequiredValue(output), new TableColumns(
                WithNamespace: scope.Namespace is null, WithLabels: parsed.GetValue(showLabels)));
            return ExitCodes.Yes;
        });
        return command;
    }
}
