using System.CommandLine;
using Dataplane.Daemon;
using Dataplane.Daemon.Api;

namespace Dataplane.Cli;

/// <summary><c>daemon</c>: enforces until it is told to stop, and what it enforced stays.</summary>
internal static class DaemonCommand
{
    public static Command Build(Shell shell)
    {
        var config = new Option<string>("--config") { HelpName = "FILE", Description = "A JSON object with the names of these options, without dashes in front, as keys" };
        var options = DaemonSettings.All.ToDictionary(s => s, s => new Option<string[]>(s.Name) { HelpName = s.HelpName, Description = s.Description });
        var defaults = new DaemonOptions();
        var command = new HelpfulCommand("daemon",
            "Enforces manifests on this machine, for as long as it lives and longer: attaches pods, programs the kernel, repairs what others change, and answers the other commands on a socket.")
        {
            Examples =
            [
                ("sudo dataplane daemon", $"a private node named {defaults.NodeName}; the host's network is not touched"),
                ("sudo dataplane daemon --manifests /etc/dataplane/manifests --admin-group netadmin", "with a watched directory, and a group that may use it without sudo"),
                ("sudo systemctl enable --now dataplane", "as a service, with deploy/dataplane.service"),
                ("sudo dataplane daemon --socket /tmp/d/s --state-dir /tmp/d/state --node-name lab", "a second one, on a node of its own"),
            ],
            Exits =
            [
                (0, "told to stop; everything stays enforced"), (2, "wrong command line"), (3, "the configuration is wrong or unreadable"),
                (4, "neither root nor the three capabilities, or another daemon has the node"), (5, "the kernel refused"),
            ],
            Remarks =
            [
                "Each option can also be given as a variable, such as DATAPLANE_STATE_DIR for --state-dir, or in --config (DATAPLANE_CONFIG). The command line wins over variables, and\nthose over the file.",
                "It needs root, or CAP_NET_ADMIN, CAP_NET_RAW and CAP_SYS_ADMIN. SIGTERM and Ctrl-C end it; policies, pods and connections stay, and the next one adopts them:\n`dataplane cleanup --node NAME` removes them.",
                "Nobody reaches it over the network: it listens on the socket alone, and asks the kernel who is at the other end.",
            ],
        };
        foreach (var option in options.Values) command.Add(option);
        command.Add(config);
        command.SetAction(parsed =>
        {
            var given = options.Where(o => parsed.GetValue(o.Value) is { Length: > 0 }).ToDictionary(o => o.Key.Name, o => parsed.GetValue(o.Value)!);
            var found = DaemonSettings.Read(given, shell.Variable, parsed.GetValue(config));
            Privilege.RequireCapabilities(shell, "daemon");
            return DaemonHost.RunAsync(found, CancellationToken.None).GetAwaiter().GetResult();
        });
        return command;
    }
}
