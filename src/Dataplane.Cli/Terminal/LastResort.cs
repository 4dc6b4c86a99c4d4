using Dataplane.Kubernetes.Text;
using Dataplane.Linux.Native;

namespace Dataplane.Cli.Terminal;

/// <summary>
/// Turns what no other code has caught, on any thread, into one line on stderr and exit code 70. DATAPLANE_DEBUG=1 adds
/// the stack trace.
/// </summary>
internal static class LastResort
{
    public static int Run(Func<int> program)
    {
        AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
        {
            Say(unhandled.ExceptionObject as Exception);
            ProcessEnd.OfInternalFault();
        };
        try
        {
            return program();
        }
        catch (Exception e)
        {
            Say(e);
            return ExitCodes.Internal;
        }
    }

    /// <summary>The text of a fault of this program, in one line.</summary>
    public static string Text(Exception? fault)
    {
        var what = fault is null ? "unknown" : $"{fault.GetType().Name}: {fault.Message}";
        return $"internal error: {what}; please report it (DATAPLANE_DEBUG=1 shows where)".ReplaceLineEndings(" ");
    }

    private static void Say(Exception? fault)
    {
        try
        {
            Console.Error.WriteLine(Visible.Line($"dataplane: {(fault is IOException ? fault.Message : Text(fault))}"));
            if (Environment.GetEnvironmentVariable("DATAPLANE_DEBUG") == "1")
                Console.Error.WriteLine(Visible.Lines($"{fault}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // stderr is closed or full; the exit code remains.
        }
    }
}
