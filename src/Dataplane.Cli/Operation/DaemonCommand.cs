using System.CommandLine;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;
using Dataplane.Daemon;
using Dataplane.Daemon.Configuration;
using Dataplane.Node.Diagnosis;
namespace Dataplane.Cli.Operation;

/// <summary>
/// <c>daemon</c>: enforces manifests until it is stopped. Enforcement remains in the kernel afterwards.
/// </summary>
internal static class DaemonCommand
{
    private static readonly DaemonOptions Defaults = new();

    /// <summary>Text options, keyed by their names in <see cref="DaemonOptionsReader"/>.</summary>
    private static readonly (string Key, string Name, string HelpName, string Description)[] Texts =
    [
        ("node",
            "--node",
            "private|host|simulated",
            "private: the node is a network namespace of its own. host: this machine's own. simulated: as private, "
                + $"with pods that the tables alone know, to see what so many cost; default {Defaults.Node}"),
        ("nodeName",
            "--node-name",
            "NAME",
            $"Of the node, and where its pods' names below /run/netns begin; default {Defaults.NodeName}, of a host "
                + $"node {DaemonOptions.DefaultHostName}"),
        ("masquerade",
            "--masquerade",
            "true|false",
            "Of a host node: what pods send outside leaves with an address of the machine's; default true"),
        ("shortWay",
            "--short-way",
            "auto|on|off",
            "Of a private node: packets of established connections go from pod to pod past the rules that have judged "
                + "them, where the kernel can have it; on: or it does not start; default auto"),
        ("socket", "--socket", "PATH", $"Where to answer; default {Defaults.Socket}"),
        ("stateDirectory", "--state-dir", "DIR", $"Where the desired state is kept; default {Defaults.StateDirectory}"),
        ("manifestDirectory", "--manifests", "DIR", "Watched: its manifests are desired state too; default none"),
        ("dns", "--dns", "on|off",
            "A name server for pods, kube-system/kube-dns, as soon as there is a Service; default on"),
        ("runtime", "--runtime", "none|process",
            "What runs in pods. none: nothing, a pod is a network namespace. process: commands as processes of this "
                + "machine, and what has none answers on its ports; default none"),
        ("kubernetesApi", "--kubernetes-api", "ADDRESS:PORT",
            "Where to be an API server for kubectl, over HTTPS, such as 127.0.0.1:6443; default nowhere"),
        ("kubernetesApiClientCa", "--kubernetes-api-client-ca", "FILE",
            "The certificate that signs those of kubectl's users: needed elsewhere than on loopback"),
        ("adminGroup", "--admin-group", "GROUP", "By name or number: its members may do everything, as root may"),
        ("readGroup", "--read-group", "GROUP", "Its members may ask, and change nothing"),
        ("otlpEndpoint", "--otlp", "URL", "Where to send metrics, such as http://127.0.0.1:4317; default nowhere"),
        ("logLevel", "--log-level", "debug|information|warning|error", "What to say on stderr; default information"),
    ];

    public static Command Build(Shell shell)
    {
        var config = new Option<string>("--config")
        {
            HelpName = "FILE",
            Description = "A JSON object of options; a reload (SIGHUP) reads it again"
        };
        var networks = new NetworkOptions();
        var texts = Texts
            .Select(t =>
                (t.Key, Option: new Option<string>(t.Name) { HelpName = t.HelpName, Description = t.Description }))
            .ToList();
        var upstreams = new Option<string[]>("--dns-upstream")
        {
            HelpName = "IP[:PORT]",
            Description = "A name server for names outside the cluster, which the pod kube-system/coredns can reach; "
                + "may be repeated; default: those names are refused",
        };
        var command = new HelpfulCommand("daemon",
            "Enforces manifests on this machine, for as long as it lives and longer: attaches pods, programs the "
                + "kernel, repairs what others change, and answers the other commands on a socket.")
        {
            Examples =
            [
                ("sudo dataplane daemon",
                    $"a private node named {Defaults.NodeName}; the host's network is not touched"),
                ("sudo dataplane daemon --manifests /etc/dataplane/manifests --admin-group netadmin",
                    "with a watched directory, and a group that may use it without sudo"),
                ("sudo systemctl enable --now dataplane", "as a service, with deploy/dataplane.service"),
                ("sudo dataplane daemon --socket /tmp/d/s --state-dir /tmp/d/state --node-name lab",
                    "a second one, on a node of its own"),
            ],
            Exits =
            [
                (0, "told to stop; everything stays enforced"),
                (2, "wrong command line, variable or configuration file"),
                (4, "neither root nor the capabilities above, or another daemon has the node"),
                (5, "the kernel refused"),
            ],
            Remarks =
            [
                $"In the file the options are called {string.Join(", ", DaemonOptionsReader.Names)}.\nThey can be "
                    + "variables too, such as DATAPLANE_NODE_NAME and DATAPLANE_STATE_DIR. The command line wins over "
                    + "variables, and those over the file.",
                $"It needs root, or these capabilities:\n{Capabilities()}",
                "SIGTERM and Ctrl-C end it; policies, pods and connections stay, and the next one adopts them:\n"
                    + "`dataplane cleanup --node NAME` removes them.",
                "Nobody reaches it over the network: it listens on the socket alone, and asks the "
                    + "kernel who is at the other end.",
            ],
        };
        foreach (var (_, option) in texts) command.Add(option);
        command.Add(upstreams);
        networks.AddTo(command);
        command.Add(config);
        command.SetAction(parsed =>
        {
            var flags = texts.ToDictionary(t => t.Key, t => parsed.GetValue(t.Option));
            if (parsed.GetValue(upstreams) is { Length: > 0 } servers) flags["dnsUpstream"] = string.Join(',', servers);
            foreach (var (name, network) in networks.ForDaemon(parsed)) flags[name] = network;
            var options = DaemonOptionsReader.Read(parsed.GetValue(config), shell.Environment, flags);
            Privilege.RequireCapabilities(
                shell, "daemon", hasGroups: (options.AdminGroup ?? options.ReadGroup) is not null);
            return DaemonHost.RunAsync(options, CancellationToken.None).GetAwaiter().GetResult();
        });
        return command;
    }

    private static string Capabilities()
    {
        var all = NodeCapabilities.Needed.Append(NodeCapabilities.ForGroups).Concat(NodeCapabilities.ForNames).ToList();
        var width = all.Max(c => c.Name.Length);
        return string.Join('\n', all.Select(c => $"  {c.Name.PadRight(width)}  {c.Purpose}"));
    }
}
