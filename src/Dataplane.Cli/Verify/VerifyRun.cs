using System.Globalization;
using System.Net.Sockets;
using Dataplane.Cli.Terminal;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Policy.Sampling;

namespace Dataplane.Cli.Verify;

/// <summary>
/// Runs one verification with progress on stderr, ends in order on Ctrl-C, and maps the outcome to an exit code.
/// </summary>
internal static class VerifyRun
{
    public static VerifyReport Run(Shell shell, Cluster cluster, NodeOptions node, IReadOnlyList<Probe> probes,
        IReadOnlyList<ExternalEndpoint> externals, AddressFamily? only, string? pcapFile, Sampling? sampling = null)
    {
        using var interruption = new Interruption();
        VerifyReport report;
        using (var progress = new ProgressLine(shell))
        {
            report = Verifier.Run(
                cluster, node, probes, externals, only, pcapFile, progress, interruption.Token, sampling);
        }
        Warn(shell, report);
        return report;
    }

    public static void Warn(Shell shell, VerifyReport report)
    {
        foreach (var warning in report.Warnings) shell.Error.WriteLine($"warning: {warning}");
        if (report.Sample is { CoversAll: false } sample)
            shell.Error.WriteLine($"warning: {Text(sample)}; a larger --sample covers more");
    }

    /// <summary>The size of a sample and the compiled decisions that it covers.</summary>
    public static string Text(FlowSample sample) => string.Create(CultureInfo.InvariantCulture,
        $"a sample of {sample.Flows.Count} of {sample.Of} flows, seed {sample.Seed}, covers {(sample.CoversAll
            ? $"all {sample.Decisions} compiled decisions"
            : $"{sample.Covered} of at least {sample.Decisions} compiled decisions "
                + $"({100 * sample.Covered / sample.Decisions} %)")}");

    public static int ExitCode(VerifyReport report) =>
        report.ControlFailure is not null ? ExitCodes.Undecided
        : report.Disagree > 0 ? ExitCodes.No
        : report.Undecided > 0 ? ExitCodes.Undecided
        : ExitCodes.Yes;
}
