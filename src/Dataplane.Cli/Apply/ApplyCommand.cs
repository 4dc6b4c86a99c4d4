using System.CommandLine;
using Dataplane.Api;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Input;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;
namespace Dataplane.Cli.Apply;

/// <summary><c>apply</c>: adds manifests to the daemon's desired state.</summary>
internal static class ApplyCommand
{
    public static Command Build(Shell shell)
    {
        var (manifests, dryRun, wait, daemon) = (
            new ManifestChoice(), Settings.DryRun(), Settings.Wait(), new DaemonChoice(shell));
        var prune = new Option<bool>("--prune")
        {
            Description = "The manifests are all there is to be: what else came from apply is deleted"
        };
        var output = Settings.Output("table", "json");
        var command = new HelpfulCommand("apply",
            "Makes manifests what the daemon enforces: pods are attached, policies become one kernel transaction, and "
                + "live connections that the change denies are cut. All of it happens, or nothing.")
        {
            Examples =
            [
                ("dataplane apply -f manifests/", "what is new is created, what differs is changed, the rest stays"),
                ("dataplane apply -f manifests/ --prune", "exactly these: what is not among them is deleted"),
                ("dataplane apply -f deny.yaml --dry-run",
                    "which objects and flows would change, and which live connections would be cut"),
                ("dataplane apply -f deny.yaml --wait=5 && echo closed", "done when a packet has proved it"),
                ("helm template my-chart | dataplane apply -f -", "manifests from another program"),
            ],
            Exits =
            [
                (0, "done, or nothing to do"),
                (2, "wrong command line"),
                (3, "manifests rejected or unreadable; nothing was done"),
                (4, "no daemon, or no permission"),
                (5, "the kernel refused; everything is as it was"),
                (6, "--wait: not proved in time; it is enforced, and may be proved later"),
            ],
            Remarks =
            [
                "Manifests are checked here first, as validate does; if they have errors, nothing is sent. stdout has "
                    + "a line for each object and each connection that was cut, stderr\nwhat there is to say about "
                    + "the manifests, the whole state and the proof.",
                "-o json prints the daemon's answer: generation, objects, cut, attached, detached, elements, "
                    + "diagnostics, proof, unproven, milliseconds; and warnings about the\nwhole state, and with "
                    + "--dry-run flows, as diff prints them.",
                $"Of a state of more than {ChangeEffect.MostDocuments} documents, warnings about the whole come with "
                    + "-v alone.",
            ],
        };
        manifests.AddTo(command);
        foreach (var option in (Option[])[prune, dryRun, wait, output]) command.Add(option);
        daemon.AddTo(command);
        command.SetAction(parsed =>
        {
            var reading = manifests.Required(parsed);
            var loaded = ManifestText.Load(shell, reading);
            if (loaded.Documents.Count == 0 && !parsed.GetValue(prune))
                return ManifestText.Nothing(shell, loaded, "apply");
            using var client = daemon.Connect(parsed);
            client.Sources = loaded.Sources;
            var answer = client.Post(ApiPaths.Apply, new ApplyRequest(ManifestText.Files(loaded))
            {
                Prune = parsed.GetValue(prune),
                DryRun = parsed.GetValue(dryRun),
                WaitSeconds = parsed.GetValue(wait),
            }, ApiJson.Default.ApplyRequest, ApiJson.Default.ChangeResponse);
            var effect = ChangeEffect.Of(shell, client, answer, loaded, reading.Remarks);
            ChangeText.Write(shell, answer, loaded, effect, reading.Remarks, parsed.GetRequiredValue(output));
            return ExitCodes.Yes;
        });
        return command;
    }
}
