using System.CommandLine;
using System.Net;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Input;

/// <summary>The cluster of a command: manifests with <c>-f</c>, otherwise the daemon's state.</summary>
/// <param name="greedy">See <see cref="Settings.Files"/>.</param>
internal sealed class ClusterChoice(Shell shell, bool greedy = true)
{
    private readonly Option<string[]> _files = Settings.Files(greedy);
    private readonly Option<IPNetwork[]> _networks = Settings.PodNetworks();
    private readonly DaemonChoice _daemon = DaemonChoice.InsteadOfManifests(shell);

    public void AddTo(Command command)
    {
        command.Add(_files);
        command.Add(_networks);
        _daemon.AddTo(command);
    }

    public string[] Paths(ParseResult parsed) => parsed.GetValue(_files) ?? [];

    public DaemonClient Connect(ParseResult parsed) => _daemon.Connect(parsed);

    /// <exception cref="CommandFailure">The manifests have errors, or there are no manifests and no daemon
    /// answers.</exception>
    public ClusterInput Load(ParseResult parsed, params IReadOnlyList<string> morePaths)
    {
        string[] paths = [.. Paths(parsed), .. morePaths];
        if (paths is not []) return ClusterInput.Load(shell, paths, Settings.Node(parsed.GetValue(_networks)));
        RefuseWithoutManifests(parsed, _networks);
        using var client = Connect(parsed);
        return DaemonState.Fetch(client);
    }

    /// <summary>Declares an option that is valid only with manifests, because the daemon has its own node.</summary>
    public static void RefuseWithoutManifests(ParseResult parsed, params IReadOnlyList<Option> options)
    {
        foreach (var option in options)
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                throw new CommandFailure(
                    ExitCodes.Usage, $"{option.Name} is for manifests, with -f PATH; the daemon has its own node");
            }
        }
    }
}
