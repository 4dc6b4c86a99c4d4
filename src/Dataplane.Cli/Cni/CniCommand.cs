using System.CommandLine;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Cni;

/// <summary><c>cni</c>: gives container runtimes the plugin, and says what is in its way.</summary>
internal static class CniCommand
{
    private const string Install = "install", Check = "check";

    public static Command Build(Shell shell)
    {
        var action = new Argument<string>("action") { HelpName = $"{Install}|{Check}", Description = "What to do" };
        action.AcceptOnlyFromAmong(Install, Check);
        var programs = new Option<string>("--bin-dir")
        {
            HelpName = "DIR", DefaultValueFactory = _ => CniFiles.DefaultPrograms,
            Description = "Where the runtime looks for plugins",
        };
        var networks = new Option<string>("--conf-dir")
        {
            HelpName = "DIR", DefaultValueFactory = _ => CniFiles.DefaultNetworks,
            Description = "Where the runtime looks for networks",
        };
        var force = new Option<bool>("--force")
        {
            Description = $"Replace {CniFiles.Network} also where it is not as {Install} writes it",
        };
        var daemon = new DaemonChoice(shell, waits: false);
        var command = new HelpfulCommand("cni",
            "Makes every container of podman, containerd or a kubelet a pod under policy: install gives the runtime "
                + "the plugin dataplane-cni and a network for it, check says what is in the way.")
        {
            Examples =
            [
                ("sudo dataplane cni install", "the plugin and a network, where runtimes look for them"),
                ("dataplane cni check", "what is missing or wrong, each with file, line and column"),
                ("sudo dataplane cni install --bin-dir /usr/lib/cni", "where Debian's podman looks too"),
            ],
            Exits =
            [
                (0, "installed; nothing is in the way"),
                (1, "something is in the way"),
                (2, "wrong command line"),
                (3, "a file there is somebody else's, or was edited: it stays"),
                (4, "a directory cannot be written to"),
            ],
            Remarks =
            [
                "Files are written beside their places and renamed. A network that somebody has edited stays, unless "
                    + "--force is given.",
            ],
        };
        command.Add(action);
        foreach (var option in (Option[])[programs, networks, force]) command.Add(option);
        daemon.AddTo(command);
        command.SetAction(parsed =>
        {
            var files = new CniFiles(parsed.GetRequiredValue(programs), parsed.GetRequiredValue(networks));
            var socket = daemon.SocketPath(parsed);
            if (parsed.GetRequiredValue(action) == Install)
            {
                foreach (var line in files.Install(socket, parsed.GetValue(force))) shell.Out.WriteLine(line);
                return ExitCodes.Yes;
            }
            var findings = new CniCheck(files, socket).Findings();
            foreach (var finding in findings) shell.Out.WriteLine(finding);
            if (findings.Count == 0) shell.Out.WriteLine("nothing is in the way");
            return findings.Count == 0 ? ExitCodes.Yes : ExitCodes.No;
        });
        return command;
    }
}
