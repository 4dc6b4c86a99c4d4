using System.CommandLine;
using System.Globalization;
using Dataplane.Api;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Input;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;
namespace Dataplane.Cli.Apply;

/// <summary><c>delete</c>: removes objects from the daemon's desired state.</summary>
internal static class DeleteCommand
{
    /// <summary>A day, seconds.</summary>
    private const int LongestGrace = 86_400;

    public static Command Build(Shell shell)
    {
        var kind = new Argument<string?>("kind")
        {
            HelpName = "KIND",
            Arity = ArgumentArity.ZeroOrOne,
            Description = "As get takes it: po, netpol, ns, anp, banp, cnp"
        };
        var names = new Argument<string[]>("name")
        {
            HelpName = "NAME",
            Arity = ArgumentArity.ZeroOrMore,
            Description = "Names, as namespace/name or with -n. Without KIND: paths, the same as -f PATH"
        };
        var (manifests, dryRun, wait, daemon) = (
            new ManifestChoice(), Settings.DryRun(), Settings.Wait(), new DaemonChoice(shell));
        var selection = new Selection(manifests.Namespace);
        var ignore = new Option<bool>("--ignore-not-found")
        {
            Description = "An object that does not exist is no error"
        };
        var grace = GracePeriod();
        var output = Settings.Output("table", "json");
        var command = new HelpfulCommand("delete",
            "Removes objects from what the daemon enforces: policies stop counting, pods are detached and their "
                + "addresses, connections and namespaces freed. All of it happens, or nothing.")
        {
            Examples =
            [
                ("dataplane delete -f manifests/", "every object in these manifests, by kind and name"),
                ("dataplane delete netpol shop/deny-all", "one policy"),
                ("dataplane delete pod a b -n shop --wait", "two pods; done when a packet has proved it"),
                ("dataplane delete netpol -l tier=back -n shop", "by label; --all: all of the namespace"),
                ("dataplane delete -f deny.yaml --dry-run",
                    "which flows would change, and which live connections would be cut"),
            ],
            Exits =
            [
                (0, "done"),
                (1, "an object does not exist; nothing was done"),
                (2, "wrong command line"),
                (3, "manifests rejected or unreadable; nothing was done"),
                (4, "no daemon, or no permission"),
                (5, "the kernel refused; everything is as it was"), (6, "--wait: not proved in time"),
            ],
            Remarks =
            [
                "What comes from the daemon's manifest directory is deleted there.",
                "Deleting a namespace deletes what is in it too.",
                "A pod in which programs run terminates: Services leave it at once, policies hold for it, and it is "
                    + "detached when its programs have ended.",
            ],
        };
        command.Add(kind);
        command.Add(names);
        manifests.AddOptionsTo(command);
        foreach (var option in (Option[])[ignore, grace, dryRun, wait, output]) command.Add(option);
        selection.AddTo(command);
        daemon.AddTo(command);
        command.SetAction(parsed =>
        {
            var (what, named) = (parsed.GetValue(kind), parsed.GetValue(names) ?? []);
            var reading = manifests.Of(parsed);
            if (what is not null && !KindNames.StartsWithKind(what) && ManifestChoice.IsPath(what))
                (reading, what, named) = (manifests.Of(parsed, [what, .. named]), null, []);
            if (reading.IsGiven && (what is not null || selection.IsGiven(parsed)))
                throw new CommandFailure(ExitCodes.Usage, "either -f PATH or KIND NAME");
            var loaded = reading.IsGiven ? ManifestText.Load(shell, reading) : null;
            if (loaded is { Documents.Count: 0 }) return ManifestText.Nothing(shell, loaded, "delete");
            using var client = daemon.Connect(parsed);
            if (loaded is not null) client.Sources = loaded.Sources;
            var objects = loaded is not null ? []
                : selection.IsGiven(parsed) ? selection.Find(client, parsed, what, named)
                : Named(what, named, reading.Namespace);
            if (loaded is null && objects is [])
            {
                shell.Error.WriteLine(selection.None(parsed, what!));
                return ExitCodes.Yes;
            }
            var answer = client.Post(ApiPaths.Delete, new DeleteRequest
            {
                Files = loaded is null ? [] : ManifestText.Files(loaded),
                Objects = objects,
                // Pods of Deployments and the like are listed, and are no objects of their own.
                IgnoreNotFound = parsed.GetValue(ignore) || selection.IsGiven(parsed),
                DryRun = parsed.GetValue(dryRun),
                WaitSeconds = parsed.GetValue(wait),
                GracePeriodSeconds = parsed.GetValue(grace),
            }, ApiJson.Default.DeleteRequest, ApiJson.Default.ChangeResponse);
            var effect = answer.DryRun
                ? ChangeEffect.Of(shell, client, answer, loaded: null, reading.Remarks)
                : null;
            // Advice is for those who write policies.
            if (effect is not null) effect = effect with { Warnings = [] };
            ChangeText.Write(shell, answer, loaded, effect, reading.Remarks, parsed.GetRequiredValue(output));
            if (selection.IsGiven(parsed) && Selection.Left(objects, answer) is > 0 and var left)
                shell.Error.WriteLine($"{Words.Count(left, "pod")} left: of Deployments and the like; delete those");
            return ExitCodes.Yes;
        });
        return command;
    }

    private static Option<int?> GracePeriod()
    {
        var grace = new Option<int?>("--grace-period")
        {
            HelpName = "SECONDS",
            Description = "That programs of pods may take to end; 0: by force; default: as the manifests say",
        };
        grace.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(
                token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n <= LongestGrace))
            {
                result.AddError($"--grace-period {token.Value}: no number of seconds from 0 to {LongestGrace}");
            }
        });
        return grace;
    }

    private static List<ObjectReference> Named(string? kind, string[] names, string? ns)
    {
        if (kind is null)
            throw new CommandFailure(ExitCodes.Usage, "nothing to delete; name manifests with -f PATH, or KIND NAME");
        var found = (names is [] ? (string?[])[null] : names)
            .Select(name => ObjectNames.Parse(kind, name, ns))
            .ToList();
        return found.Exists(f => f.Name is null)
            ? throw new CommandFailure(ExitCodes.Usage, $"which {found[0].Kinds[0].Singular}? give its name")
            : [.. found.Select(f => new ObjectReference(f.Kinds[0].Name, f.Name!))];
    }
}
