using System.CommandLine;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;
using Dataplane.Control.Store;
using Dataplane.Daemon.Configuration;
using Dataplane.Kubernetes.Loading;
using Dataplane.Linux.Native;
using Dataplane.Node.Layout;
using Dataplane.Node.Live;

namespace Dataplane.Cli;

/// <summary>Runs the program: arguments to exit code. Every error is one line on stderr.</summary>
internal static class App
{
    public static int Run(IReadOnlyList<string> args, Shell shell)
    {
        try
        {
            var root = CommandTree.Build(shell);
            var parsed = root.Parse(
                Settings.SpellOut(args), new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (IsData(parsed)) shell.PrintsData();
            var exit = UsageErrors.Report(parsed, shell) ?? parsed.Invoke(new InvocationConfiguration
            {
                Output = shell.Out,
                Error = shell.Error,
                EnableDefaultExceptionHandler = false,
            });
            shell.Out.Flush();
            return exit;
        }
        catch (Exception e)
        {
            return Report(e, shell);
        }
    }

    /// <summary>Whether the output is for programs, by the format that is asked for.</summary>
    private static bool IsData(ParseResult parsed) => parsed.Errors.Count == 0
        && parsed.CommandResult.Command.Options.OfType<Option<string>>()
            .FirstOrDefault(o => o.Name == "--output") is { } o
        && parsed.GetValue(o) is not (null or "table" or "wide" or "tree");

    private static int Report(Exception exception, Shell shell)
    {
        var (exit, message) = Explain(exception, shell);
        try
        {
            shell.Out.Flush();
        }
        catch (IOException)
        {
            // It may be what is reported: the disk is full, or the output is closed.
        }
        try
        {
            shell.Error.WriteLine($"dataplane: {message.ReplaceLineEndings(" ")}");
            if (shell.Debug && exit == ExitCodes.Internal) shell.Error.WriteLine(exception);
        }
        catch (IOException)
        {
            // Nobody can be told; the exit code remains.
        }
        return exit;
    }

    private static (int Exit, string Message) Explain(Exception exception, Shell shell) => exception switch
    {
        CommandFailure failure => (failure.ExitCode, failure.Message),
        ManifestPathException path => (ExitCodes.Input, path.Message),
        OperationCanceledException => (ExitCodes.Interrupted, "interrupted; what had been made is removed"),
        LinuxException { ErrorNumber: Errno.EPERM or Errno.EACCES } refused => (ExitCodes.NoAccess, shell.IsRoot
            ? $"root may not do this here ({refused.Message}); dataplane doctor says which capabilities are missing"
            : $"needs root: run it with sudo ({refused.Message})"),
        LinuxException { ErrorNumber: Errno.EPROTONOSUPPORT or Errno.EOPNOTSUPP } refused => (ExitCodes.Kernel,
            $"{refused.Message}; nf_tables is missing: load the module nf_tables or use a "
                + "kernel with CONFIG_NF_TABLES"),
        OptionException wrong => (ExitCodes.Usage, wrong.Message),
        NodeBusyException busy => (ExitCodes.NoAccess, busy.Message),
        NodeCapacityException full => (ExitCodes.Kernel, full.Message),
        LinuxException refused => (ExitCodes.Kernel, $"the kernel refused: {refused.Message}"),
        StateDirectoryException state => (ExitCodes.Kernel, state.Message),
        IOException io => (ExitCodes.Internal, io.Message),
        UnauthorizedAccessException denied => (ExitCodes.NoAccess, denied.Message),
        _ => (ExitCodes.Internal, LastResort.Text(exception)),
    };
}
