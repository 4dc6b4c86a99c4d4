using Dataplane.Api;
using Dataplane.Cli.Terminal;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Programs;
using Dataplane.Runtime.Launching;

namespace Dataplane.Cli.Exec;

/// <summary>A container whose first process runs, beside which a program can be run.</summary>
internal sealed class RunningContainer
{
    private const int StandardError = 2;

    private readonly ContainerPlace _place;

    private RunningContainer(ContainerPlace place) => _place = place;

    public ProcessFacts Facts => _place.Facts;

    /// <param name="asked">Its name; null: the first one, which stderr says where there are others.</param>
    /// <exception cref="CommandFailure">There is none of this name, or it does not run, in the words of
    /// kubectl.</exception>
    public static RunningContainer Of(Shell shell, PodEntry pod, string? asked)
    {
        var (status, name) = (pod.Status!, pod.Name[(pod.Name.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        if (status.Phase is "Succeeded" or "Failed")
        {
            throw new CommandFailure(ExitCodes.No,
                $"cannot exec into a container in a completed pod; current phase is {status.Phase}");
        }
        var names = status.ContainerStatuses.Select(c => c.Name).ToList();
        if (asked is not null && !names.Concat(status.InitContainerStatuses.Select(c => c.Name)).Contains(asked))
            throw new CommandFailure(ExitCodes.No, $"container {asked} is not valid for pod {name}");
        if (asked is null && names.Count > 1)
        {
            shell.Error.WriteLine($"Defaulted container \"{names[0]}\" out of: {string.Join(", ", names
                .Concat(status.InitContainerStatuses.Select(c => $"{c.Name} (init)")))}");
        }
        var container = asked ?? names[0];
        var entry = pod.Processes?.FirstOrDefault(p => p.Container == container);
        var place = entry is null ? null
            : ContainerPlace.Open(entry.Id, entry.StartTicks, entry.WorkingDirectory);
        return place is not null ? new RunningContainer(place) : throw new CommandFailure(ExitCodes.No,
            $"unable to upgrade connection: container not found (\"{container}\")");
    }

    /// <summary>Becomes the program.</summary>
    /// <param name="notFound">The exit code where there is none of this name.</param>
    /// <exception cref="CommandFailure">There is none.</exception>
    public int Become(IReadOnlyList<string> command, CapabilitySet keep, int notFound)
    {
        var variables = _place.Variables(Environment.GetEnvironmentVariable("TERM"));
        if (_place.Find(command[0], variables, out var program) is { } why)
            throw new CommandFailure(notFound, Programs.Missing(command[0], variables["PATH"]) ?? why);
        try
        {
            _place.Join();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(
                ExitCodes.NoAccess, $"the container's control group cannot be joined: {e.Message}");
        }
        _place.Become([program, .. command.Skip(1)], keep, variables, StandardError);
        return ExitCodes.Internal;
    }
}
