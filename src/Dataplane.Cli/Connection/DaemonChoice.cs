using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Dataplane.Api;
using Dataplane.Cli.Terminal;
namespace Dataplane.Cli.Connection;

/// <summary>The options for the daemon's socket and for the time to wait.</summary>
/// <param name="offline">The alternative without a daemon, for messages; null if there is none.</param>
/// <param name="waits">True if the command has <c>--timeout</c>.</param>
internal sealed class DaemonChoice(Shell shell, string? offline = null, bool waits = true)
{
    public const string Variable = "DATAPLANE_SOCKET";

    private const double Longest = 300;

    private readonly Option<string> _socket = new("--socket")
    {
        HelpName = "PATH",
        Description = $"The daemon's socket; default ${Variable}, else {ApiPaths.DefaultSocket}",
    };

    private readonly Option<double?> _timeout = new("--timeout")
    {
        HelpName = "SECONDS",
        CustomParser = Seconds,
        Description = "Give up when the daemon has not answered by then; default: wait",
    };

    /// <summary>For commands that use the daemon only if no manifests are named.</summary>
    public static DaemonChoice InsteadOfManifests(Shell shell) => new(shell, "name the manifests with -f PATH");

    public void AddTo(Command command)
    {
        command.Add(_socket);
        if (waits) command.Add(_timeout);
    }

    /// <param name="given">The value of --socket; null if absent.</param>
    public static string SocketPath(Shell shell, string? given) =>
        given ?? (shell.Environment[Variable] is string { Length: > 0 } set ? set : ApiPaths.DefaultSocket);

    public string SocketPath(ParseResult parsed) => SocketPath(shell, parsed.GetValue(_socket));

    /// <summary>Creates a client; it connects with the first request.</summary>
    public DaemonClient Connect(ParseResult parsed) => new(shell, SocketPath(parsed), offline)
    {
        Timeout = (waits ? parsed.GetValue(_timeout) : null) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
    };

    /// <summary>
    /// Parses a number of seconds, more than 0 and at most five minutes, with an optional suffix <c>s</c>.
    /// </summary>
    public static double? Seconds(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        if (double.TryParse(
            text.EndsWith('s') ? text[..^1] : text,
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var seconds)
            && seconds is > 0 and <= Longest)
        {
            return seconds;
        }
        result.AddError($"{(result.Parent as OptionResult)?.Option.Name} {text}: no number of seconds, more "
            + $"than 0 and at most {Longest}");
        return null;
    }
}
