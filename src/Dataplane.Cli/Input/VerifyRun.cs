using System.Net.Sockets;
using Dataplane.Node.Addressing;
using Dataplane.Node.Verification;
using Dataplane.Policy;

namespace Dataplane.Cli;

/// <summary>One verification with progress on stderr and an orderly end on Ctrl-C, and what its outcome means.</summary>
internal static class VerifyRun
{
    public static VerifyReport Run(Shell shell, Cluster cluster, NodeOptions node, IReadOnlyList<Probe> probes,
        IReadOnlyList<ExternalEndpoint> externals, AddressFamily? only, string? pcapFile)
    {
        using var interruption = new Interruption();
        VerifyReport report;
        using (var progress = new ProgressLine(shell))
        {
            report = Verifier.Run(cluster, node, probes, externals, only, pcapFile, progress, interruption.Token);
        }
        Warn(shell, report);
        return report;
    }

    public static void Warn(Shell shell, VerifyReport report)
    {
        foreach (var warning in report.Warnings) shell.Error.WriteLine($"warning: {warning}");
    }

    public static int ExitCode(VerifyReport report) =>
        report.ControlFailure is not null ? ExitCodes.Undecided
        : report.Disagree > 0 ? ExitCodes.No
        : report.Undecided > 0 ? ExitCodes.Undecided
        : ExitCodes.Yes;
}
