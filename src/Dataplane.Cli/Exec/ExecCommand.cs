using System.CommandLine;
using Dataplane.Api;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
namespace Dataplane.Cli.Exec;

/// <summary><c>exec</c>: runs a program in a pod's network namespace.</summary>
internal static class ExecCommand
{
    /// <summary>The exit code of shells for a program that does not exist.</summary>
    private const int NoProgram = 127;

    public static Command Build(Shell shell)
    {
        var pod = new Argument<string>("pod") 
        {
            HelpName = "POD",
            Description = PodNames.Help,
        };
        var program = new Argument<string[]>("command")
        {
            HelpName = "-- CMD",
            Arity = ArgumentArity.OneOrMore,
            Description = "The program, looked up in PATH, and its arguments"
        };
        var (ns, daemon) = (Settings.Namespace(), new DaemonChoice(shell));
        var input = new Option<bool>("--stdin", "-i")
        {
            Description = "For the habit of it: standard input is always the program's"
        };
        var terminal = new Option<bool>("--tty", "-t")
        {
            Description = "For the habit of it: a terminal is always the program's"
        };
        var added = new Option<string[]>("--cap-add")
        {
            HelpName = "NAME",
            Description = "A capability more, such as NET_ADMIN; ALL: all; may be repeated",
        };
        var container = new Option<string>("--container", "-c")
        {
            HelpName = "NAME",
            Description = "Of a pod in which programs run; default: its first one",
        };
        var privileged = new Option<bool>("--privileged") { Description = "The same as --cap-add ALL" };
        var exec = new HelpfulCommand("exec",
            "Runs a program in a pod's network, with a container's capabilities. The pod is a network namespace and no "
                + "container: files, users and processes are this machine's. Where programs run in pods, it runs "
                + "beside that of a container: with its user, variables, directory, limits and capabilities. This "
                + "process becomes the program, so its terminal, signals and exit code are the program's own.")
        {
            Examples =
            [
                ("sudo dataplane exec shop/front -- ip addr", "the pod's interfaces"),
                ("sudo dataplane exec shop/front -- nc -zv 10.244.0.3 5432", "does it get through?"),
                ("sudo dataplane exec -it shop/db -- bash", "a shell"),
                ("sudo dataplane exec --cap-add NET_ADMIN shop/db -- ip link set eth0 mtu 1400",
                    "what changes the network asks for"),
                ("tar c . | sudo dataplane exec shop/front -- nc 10.244.0.3 9000", "in a pipe"),
            ],
            Exits =
            [
                (0, "the program's own, as every code that is not here; 128 + the signal when one ended it"),
                (1, "no such pod or container, or one that does not run; or the program's own"),
                (2, "wrong command line, or the program's own"),
                (4, "not root, no daemon, or the pod cannot be entered"),
                (126, "the program cannot be run"), (NoProgram, "no such program"),
            ],
            Remarks =
            [
                "A hostNetwork pod has no network of its own: the program runs in the node's. Files in "
                    + "/etc/netns/NAME, where NAME is the pod's NETNS of `get pods -o wide`, lie over those of /etc; "
                    + "the host has the name in hostname there.",
                $"The program is root with these capabilities: {Words(CapabilitySet.OfContainers)}.\nWith NET_ADMIN it "
                    + "can change the pod's network, and by its id the node's too.",
            ],
        };
        exec.Add(pod);
        exec.Add(program);
        foreach (var option in (Option[])[ns, container, input, terminal, added, privileged]) exec.Add(option);
        daemon.AddTo(exec);
        exec.SetAction(parsed =>
        {
            Privilege.Require(shell, "exec");
            var more = parsed.GetValue(privileged) ? ["ALL"] : parsed.GetValue(added) ?? [];
            var keep = Capabilities(CapabilitySet.OfContainers, more);
            var name = ObjectNames.FullName(parsed.GetRequiredValue(pod), parsed.GetValue(ns));
            PodsResponse pods;
            using (var client = daemon.Connect(parsed)) pods = client.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse);
            var entry = PodNames.Find(shell, pods, name) ?? throw PodNames.Unknown(name, PodNames.Known(pods));
            name = entry.Name;
            var command = parsed.GetRequiredValue(program);
            if (entry.Summary is not null)
            {
                var running = RunningContainer.Of(shell, entry, parsed.GetValue(container));
                return running.Become(
                    command, Capabilities(new CapabilitySet(running.Facts.Capabilities), more), NoProgram);
            }
            if (parsed.GetValue(container) is not null)
                throw new CommandFailure(ExitCodes.No, $"pod {name} has no containers: nothing runs in it");
            var netns = PodNames.NamespaceOf(pods, entry);
            if (Programs.Missing(command[0], shell.Environment["PATH"] as string) is { } missing)
                throw new CommandFailure(NoProgram, missing);
            FirstExec.Tell(shell, daemon.SocketPath(parsed), name);
            try
            {
                NetnsExec.Become(netns, keep, command);
            }
            catch (LinuxException e) when (e.ErrorNumber == Errno.ENOENT)
            {
                throw new CommandFailure(
                    ExitCodes.NoAccess,
                    $"{name} has no network namespace {netns} on this machine; the daemon repairs that within a "
                        + "second: see dataplane status");
            }
            return ExitCodes.Internal;
        });
        return exec;
    }

    private static CapabilitySet Capabilities(CapabilitySet least, string[] added) =>
        added.Aggregate(least, (all, name) => all.With(CapabilitySet.Named(name)
            ?? throw new CommandFailure(
                ExitCodes.Usage, $"--cap-add {name}: no such capability; there are ALL, {Words(CapabilitySet.All)}")));

    private static string Words(CapabilitySet capabilities) =>
        string.Join(", ", CapabilitySet.Names.Where((_, number) => capabilities.Has(number)));
}
