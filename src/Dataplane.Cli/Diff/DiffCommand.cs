using System.CommandLine;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Input;
using Dataplane.Cli.Options;
using Dataplane.Cli.Page;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Diff;

namespace Dataplane.Cli.Diff;

/// <summary><c>diff</c>: the flows that a change of the manifests opens and closes.</summary>
internal static class DiffCommand
{
    public static Command Build(Shell shell)
    {
        var (manifests, networks, daemon) = (
            new ManifestChoice(), new NetworkOptions(), DaemonChoice.InsteadOfManifests(shell));
        manifests.Files.Description = "The new manifests: a file, a directory (with all below it), or - for "
            + "standard input; may be repeated";
        var against = new Option<string[]>("--against")
        {
            HelpName = "PATH",
            AllowMultipleArgumentsPerToken = true,
            Description = "The old manifests, to compare with; may be repeated. git:REV: the paths of -f as they are\n"
                + "in that revision. Default: what the daemon enforces",
        };
        var prune = new Option<bool>("--prune")
        {
            Description = "Against the daemon: -f is all there is to be, and what else was applied counts as removed"
        };
        var output = Settings.Output("table", "json", "md", "html");
        var command = new HelpfulCommand("diff",
            "What a change does to traffic: the flows that it opens and closes, for all ports and all addresses, "
                + "computed and not probed. With both -f and --against there is no need of a daemon.")
        {
            Examples =
            [
                ("dataplane diff -f manifests/ --against manifests.old/",
                    "going from the old manifests to the new ones"),
                ("dataplane diff -f manifests/ --against git:main -o md",
                    "what a branch changes, for a merge request"),
                ("dataplane diff -f manifests/ --against git:main -o html > change.html",
                    "the same as a page, with the reasons"),
                ("dataplane diff -f deny.yaml", "what apply of this would do to the daemon's state"),
                ("dataplane diff -f manifests/ --prune", "what apply --prune of these would do to it"),
                ("dataplane diff --against manifests/", "what the daemon enforces that these do not say"),
                ("helm template my-chart | dataplane diff -f - --against deployed.yaml -o json",
                    "for scripts: an entry for every pair and family"),
            ],
            Exits =
            [
                (0, "no flow differs"),
                (1, "flows differ"),
                (2, "wrong command line"),
                (3, "manifests rejected or unreadable, or no such revision"),
                (4, "no --against, or no -f, and no daemon to ask")
            ],
            Remarks =
            [
                "Flows are between pods, the node, and addresses outside. A pod that only one side has opens or closes "
                    + "all that it is allowed.",
                "EXPOSURE is about pods that policies select and that are not among the manifests, by selector. What "
                    + "changes alike for a loaded pod of the selector is listed for that pod alone.",
                "With --against both sides are complete: what -f leaves out counts as removed. Against the daemon, -f "
                    + "is added to its state, as apply does it; --prune compares with the whole.",
                "Pods keep the addresses that the old side gives them. \"all\" ports are all protocols, ICMP included; "
                    + "addresses outside are CIDRs.",
            ],
        };
        manifests.AddTo(command);
        foreach (var option in (Option[])[against, prune, .. networks.All, output]) command.Add(option);
        daemon.AddTo(command);
        command.SetAction(parsed =>
        {
            var now = manifests.Of(parsed);
            var old = now with { Paths = parsed.GetValue(against) ?? [] };
            if (!now.IsGiven && !old.IsGiven)
            {
                throw new CommandFailure(
                    ExitCodes.Usage,
                    "nothing to compare with the daemon's state: name the new manifests with -f PATH, or the "
                        + "old ones with --against PATH");
            }
            if (now.Paths.Contains("-") && old.Paths.Contains("-"))
                throw new CommandFailure(ExitCodes.Usage, "-f - and --against -: standard input is read once");
            if (old.IsGiven && parsed.GetValue(prune))
            {
                throw new CommandFailure(
                    ExitCodes.Usage, "--prune is for a comparison with the daemon's state; --against is the whole");
            }
            var (before, after) = Sides();
            var diff = ClusterDiff.Between(before.Cluster, after.Cluster);
            if (parsed.GetRequiredValue(output) == "html")
            {
                PageHtml.Write(shell, new DiffPage(before, after).Of(
                    new PageDocument("diff", CommandText.Of(parsed), CommandText.Input(now.Paths)), diff));
            }
            else
            {
                Write(shell, diff, parsed.GetRequiredValue(output));
            }
            return diff.Differs ? ExitCodes.No : ExitCodes.Yes;

            (ClusterInput Before, ClusterInput After) Sides()
            {
                if (now.IsGiven && old.IsGiven)
                {
                    var node = networks.Of(parsed);
                    var before =
                        ClusterInput.From(shell, OldManifests.Load(shell, old, now), node, old.Remarks);
                    return (before, ClusterInput.Load(shell, now, node, before.Cluster));
                }
                ClusterChoice.RefuseWithoutManifests(parsed, networks.All);
                if (!now.IsGiven) OldManifests.RefuseRevision(old.Paths);
                using var client = daemon.Connect(parsed);
                var state = DaemonState.Fetch(client);
                var enforced = new ClusterInput(state.Cluster, state.Node) { Sources = state.Sources };
                if (!now.IsGiven) return (ClusterInput.Load(shell, old, state.Node, state.Cluster), enforced);
                var given = ManifestText.Load(shell, now);
                // What stays has the daemon's text, what comes its own.
                return (enforced, new ClusterInput(
                    state.After(shell, given, parsed.GetValue(prune)), state.Node)
                {
                    Sources = SourceText.ByFile([.. state.Sources.Values, .. given.Sources.Values]),
                });
            }
        });
        return command;
    }

    private static void Write(Shell shell, ClusterDiff diff, string format)
    {
        switch (format)
        {
            case "json":
                shell.WriteJson(json => DiffJson.Write(json, diff));
                break;
            case "md":
                DiffMarkdown.Write(shell.Out, diff);
                break;
            default:
                DiffTable.Write(shell.Out, shell.OutColours, diff);
                break;
        }
    }
}
