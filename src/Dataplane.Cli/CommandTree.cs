using System.CommandLine;
using System.CommandLine.Help;
using Dataplane.Cli.Apply;
using Dataplane.Cli.Capture;
using Dataplane.Cli.Cni;
using Dataplane.Cli.Completion;
using Dataplane.Cli.Demo;
using Dataplane.Cli.Diff;
using Dataplane.Cli.Dns;
using Dataplane.Cli.Exec;
using Dataplane.Cli.Flows;
using Dataplane.Cli.Get;
using Dataplane.Cli.Logs;
using Dataplane.Cli.Matrix;
using Dataplane.Cli.Operation;
using Dataplane.Cli.Options;
using Dataplane.Cli.Read;
using Dataplane.Cli.Rules;
using Dataplane.Cli.Terminal;
using Dataplane.Cli.Test;
using Dataplane.Cli.Topology;
using Dataplane.Cli.Trace;
using Dataplane.Cli.Ui;
using Dataplane.Cli.Validate;
using Dataplane.Cli.Verify;
using Dataplane.Cli.Why;

namespace Dataplane.Cli;

/// <summary>The tree of all commands.</summary>
internal static class CommandTree
{
    public static RootCommand Build(Shell shell)
    {
        var root = new RootCommand("Kubernetes network policy on plain Linux, proven by packets.")
        {
            DemoCommand.Build(shell), ValidateCommand.Build(shell), MatrixCommand.Build(shell), WhyCommand.Build(shell),
            DnsCommand.Build(shell),
            DiffCommand.Build(shell),
            VerifyCommand.Build(shell),
            TestCommand.Build(shell),
            RulesCommand.Build(shell),
            DoctorCommand.Build(shell),
            CleanupCommand.Build(shell),
            DaemonCommand.Build(shell),
            CniCommand.Build(shell),
            ApplyCommand.Build(shell),
            DeleteCommand.Build(shell),
            GetCommand.Build(shell),
            DescribeCommand.Build(shell),
            StatusCommand.Build(shell),
            KubeconfigCommand.Build(shell),
            TopologyCommand.Build(shell),
            FlowsCommand.Build(shell),
            TraceCommand.Build(shell),
            CaptureCommand.Build(shell),
            UiCommand.Build(shell),
            ReadCommand.Build(shell), ExecCommand.Build(shell), LogsCommand.Build(shell),
            CompletionCommand.Build(shell),
        };
        foreach (var command in root.Subcommands) EmptyPaths.Refuse(command);
        root.Add(CompletionCommand.BuildHidden(shell, root));
        root.Add(DnsServerCommand.BuildHidden(shell));
        root.Add(ManualCommand.BuildHidden(shell, root));
        // Only -h and --help are accepted; the default also takes /h and /?, which are paths on Linux.
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Options.Add(new HelpOption("--help", "-h") { Description = "This text", Action = new HelpPage() });
        root.SetAction(int (_) =>
            throw new CommandFailure(
                ExitCodes.Usage, "no command given; see dataplane --help, or start with: sudo dataplane demo"));
        return root;
    }
}
