using System.CommandLine;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Input;

/// <summary>The cluster of a command: manifests with <c>-f</c>, otherwise the daemon's state.</summary>
/// <param name="greedy">See <see cref="Settings.Files"/>.</param>
internal sealed class ClusterChoice(Shell shell, bool greedy = true)
{
    private readonly ManifestChoice _manifests = new(greedy: greedy);
    private readonly NetworkOptions _networks = new();
    private readonly DaemonChoice _daemon = DaemonChoice.InsteadOfManifests(shell);

    public void AddTo(Command command)
    {
        _manifests.AddTo(command);
        _networks.AddTo(command);
        _daemon.AddTo(command);
    }

    /// <summary>True if the command line names manifests, so that no daemon is asked.</summary>
    public bool IsGiven(ParseResult parsed) => _manifests.Of(parsed).IsGiven;

    /// <summary>The manifests that the command line names.</summary>
    public IReadOnlyList<string> Paths(ParseResult parsed) => _manifests.Of(parsed).Paths;

    /// <summary>True if no notes are to be written.</summary>
    public bool IsQuiet(ParseResult parsed) => _manifests.Of(parsed).Remarks.IsQuiet;

    /// <summary>The namespace of names without one.</summary>
    public string Namespace(ParseResult parsed) => GivenNamespace(parsed) ?? ObjectNames.DefaultNamespace;

    /// <summary>The namespace that the command line names; null: none.</summary>
    public string? GivenNamespace(ParseResult parsed) => parsed.GetValue(_manifests.Namespace);

    public DaemonClient Connect(ParseResult parsed) => _daemon.Connect(parsed);

    /// <summary>The daemon, where no manifests are named.</summary>
    /// <exception cref="CommandFailure">The command line has options that are for manifests.</exception>
    public DaemonClient ConnectInstead(ParseResult parsed)
    {
        RefuseWithoutManifests(parsed, _networks.All);
        return Connect(parsed);
    }

    /// <exception cref="CommandFailure">The manifests have errors, or there are no manifests and no daemon
    /// answers.</exception>
    public ClusterInput Load(ParseResult parsed)
    {
        var reading = _manifests.Of(parsed);
        if (reading.IsGiven) return ClusterInput.Load(shell, reading, _networks.Of(parsed));
        using var client = ConnectInstead(parsed);
        var state = DaemonState.Fetch(client);
        return new ClusterInput(state.Cluster, state.Node) { Sources = state.Sources };
    }

    /// <summary>Refuses <c>-n</c> of a command that is about all the daemon has, and takes no names.</summary>
    /// <exception cref="CommandFailure">The command line has it.</exception>
    public void RefuseNamespace(ParseResult parsed)
    {
        if (GivenNamespace(parsed) is not null)
        {
            throw new CommandFailure(
                ExitCodes.Usage,
                $"{_manifests.Namespace.Name} is for objects of manifests without one, with -f PATH; the daemon is "
                    + "asked about all its namespaces");
        }
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
