using Dataplane.Api;
using Dataplane.Cli.Terminal;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Programs;
using Dataplane.Runtime.Launching;

namespace Dataplane.Cli.Exec;

/// <summary>A container whose first process runs, beside which a program can be run.</summary>
internal sealed class RunningContainer
{
    private const string PathVariable = "PATH", Root = "/";

    private const int StandardError = 2;

    private readonly ContainerProcessEntry _entry;
    private readonly ProcessHandle _process;
    private readonly Netns _netns;

    private RunningContainer(ContainerProcessEntry entry, ProcessHandle process, Netns netns, ProcessFacts facts) =>
        (_entry, _process, _netns, Facts) = (entry, process, netns, facts);

    public ProcessFacts Facts { get; }

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
        return Open(entry) ?? throw new CommandFailure(ExitCodes.No,
            $"unable to upgrade connection: container not found (\"{container}\")");
    }

    /// <summary>Becomes the program.</summary>
    /// <param name="notFound">The exit code where there is none of this name.</param>
    /// <exception cref="CommandFailure">There is none.</exception>
    public int Become(IReadOnlyList<string> command, CapabilitySet keep, int notFound)
    {
        var variables = new Dictionary<string, string>(Facts.Environment);
        variables.TryAdd(PathVariable, ProgramFinder.DefaultPath);
        if (Environment.GetEnvironmentVariable("TERM") is { } terminal) variables.TryAdd("TERM", terminal);
        var directory = _entry.WorkingDirectory ?? Root;
        if (ProgramFinder.Find(command[0], variables[PathVariable], directory, out var program) is { } why)
            throw new CommandFailure(notFound, Programs.Missing(command[0], variables[PathVariable]) ?? why);
        try
        {
            foreach (var file in Facts.MemberFiles) File.WriteAllText(file, "0");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(
                ExitCodes.NoAccess, $"the container's control group cannot be joined: {e.Message}");
        }
        NetnsExec.BecomeBeside(_netns, _process.Handle, keep, [program, .. command.Skip(1)], new ProgramSetting("",
            directory, variables, Facts.User, Facts.Group, Facts.Groups, Facts.MayGain, StandardError));
        return ExitCodes.Internal;
    }

    /// <summary>Null: it has ended.</summary>
    private static RunningContainer? Open(ContainerProcessEntry? entry)
    {
        if (entry is null || ProcessHandle.Open(entry.Id, entry.StartTicks) is not { } process) return null;
        try
        {
            var netns = Netns.OpenPath($"/proc/{entry.Id}/ns/net");
            var facts = ProcessFacts.Of(entry.Id);
            // What was read was of this process, if it is there still.
            if (facts is not null && ProcessHandle.StartTicksOf(entry.Id) == entry.StartTicks)
                return new RunningContainer(entry, process, netns, facts);
            netns.Dispose();
        }
        catch (LinuxException)
        {
            // It has ended meanwhile.
        }
        process.Dispose();
        return null;
    }
}
