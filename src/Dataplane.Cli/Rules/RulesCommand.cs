using System.CommandLine;
using Dataplane.Api;
using Dataplane.Cli.Input;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;
using Dataplane.Node.Programming;

namespace Dataplane.Cli.Rules;

/// <summary><c>rules</c>: prints the nf_tables ruleset compiled from manifests.</summary>
internal static class RulesCommand
{
    public static Command Build(Shell shell)
    {
        var input = new ClusterChoice(shell);
        var format = Settings.OneOf("--format", null, "The grammar of nft, as `nft -f` reads it", ["nft"]);
        var command = new HelpfulCommand(
            "rules",
            "The nf_tables ruleset that manifests become or, without -f, that the daemon enforces, as text. With -f "
                + "there is no need of root or a daemon.")
        {
            Examples =
            [
                ("dataplane rules --format nft -f manifests/", "read it"),
                ("dataplane rules", "what the daemon has programmed"),
                ("dataplane rules -f manifests/ | sudo unshare -n nft -c -f -",
                    "let nft check it, in a namespace that is gone afterwards"),
            ],
            Exits =
            [
                (0, "printed"),
                (2, "wrong command line"),
                (3, "manifests rejected or unreadable"),
                (4, "no -f, and no daemon to ask")
            ],
            Remarks =
            [
                "With -f interface names and MAC addresses are those a fresh node would give "
                    + "out; the epoch is the first."
            ],
        };
        command.Add(format);
        input.AddTo(command);
        command.SetAction(parsed =>
        {
            if (input.IsGiven(parsed))
            {
                shell.Out.Write(OfflineRuleset.Of(input.Load(parsed).Cluster).Text());
                return ExitCodes.Yes;
            }
            input.RefuseNamespace(parsed);
            using var client = input.Connect(parsed);
            using var text = new StreamReader(client.Open(ApiPaths.Rules));
            return client.Guard(async () =>
            {
                var block = new char[1 << 16];
                while (await text.ReadAsync(block) is > 0 and var length) shell.Out.Write(block, 0, length);
                return ExitCodes.Yes;
            }, CancellationToken.None);
        });
        return command;
    }
}
