using System.CommandLine;
using Dataplane.Node.Programming;
using Dataplane.Rules.Nftables;

namespace Dataplane.Cli;

/// <summary><c>rules</c>: the ruleset that manifests become, as text.</summary>
internal static class RulesCommand
{
    public static Command Build(Shell shell)
    {
        var (files, networks) = (Settings.Files(), Settings.PodNetworks());
        var format = Settings.OneOf("--format", null, "The grammar of nft, as `nft -f` reads it", ["nft"]);
        var command = new HelpfulCommand("rules", "The nf_tables ruleset that the manifests become, as text. Offline: no root, no daemon.")
        {
            Examples =
            [
                ("dataplane rules --format nft -f manifests/", "read it"),
                ("dataplane rules -f manifests/ | sudo unshare -n nft -c -f -", "let nft check it, in a namespace that is gone afterwards"),
            ],
            Exits = [(0, "printed"), (2, "wrong command line"), (3, "manifests rejected or unreadable"), (4, "no -f, and no daemon to ask")],
            Remarks = ["Interface names and MAC addresses are those a fresh node would give out; the epoch is the first."],
        };
        foreach (var option in (Option[])[format, files, networks]) command.Add(option);
        command.SetAction(parsed =>
        {
            var input = ClusterInput.Load(shell, parsed.GetValue(files), Settings.Node(parsed.GetValue(networks)));
            shell.Out.Write(NftTextRenderer.Render(OfflineRuleset.Of(input.Cluster).Tables));
            return ExitCodes.Yes;
        });
        return command;
    }
}
