namespace Dataplane.Cli.Terminal;

/// <summary>Ends the command with one line on stderr and an exit code.</summary>
internal sealed class CommandFailure(int exitCode, string message) : Exception(message)
{
    public int ExitCode => exitCode;
}
