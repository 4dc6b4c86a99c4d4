using System.Diagnostics.CodeAnalysis;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Programs;

namespace Dataplane.Runtime.Launching;

/// <summary>
/// A container whose first process runs, beside which this process can become a program: never more than the container
/// itself.
/// </summary>
public sealed class ContainerPlace
{
    private const string PathVariable = "PATH", TerminalVariable = "TERM", Root = "/";

    private readonly ProcessHandle _process;
    private readonly Netns _netns;
    private readonly ProcessFacts _facts;
    private readonly string _directory;

    private ContainerPlace(ProcessHandle process, Netns netns, ProcessFacts facts, string? directory) =>
        (_process, _netns, _facts, _directory) = (process, netns, facts, directory ?? Root);

    /// <summary>Of the first process.</summary>
    public ProcessFacts Facts => _facts;

    /// <param name="id">Of the first process.</param>
    /// <param name="startTicks">As <see cref="ProcessHandle.StartTicksOf"/> gave it.</param>
    /// <param name="directory">The container's working directory; null: /.</param>
    /// <returns>Null: it has ended.</returns>
    public static ContainerPlace? Open(int id, ulong startTicks, string? directory)
    {
        if (ProcessHandle.Open(id, startTicks) is not { } process) return null;
        try
        {
            var netns = Netns.OpenPath($"/proc/{id}/ns/net");
            var facts = ProcessFacts.Of(id);
            // What was read was of this process, if it is there still.
            if (facts is not null && ProcessHandle.StartTicksOf(id) == startTicks)
                return new ContainerPlace(process, netns, facts, directory);
            netns.Dispose();
        }
        catch (LinuxException)
        {
            // It has ended meanwhile.
        }
        process.Dispose();
        return null;
    }

    /// <summary>The environment of a program beside the first one.</summary>
    /// <param name="terminal">The variable TERM where the container has none; null: none either.</param>
    public IReadOnlyDictionary<string, string> Variables(string? terminal)
    {
        var variables = new Dictionary<string, string>(_facts.Environment);
        variables.TryAdd(PathVariable, ProgramFinder.DefaultPath);
        if (terminal is not null) variables.TryAdd(TerminalVariable, terminal);
        return variables;
    }

    /// <inheritdoc cref="ProgramFinder.Find"/>
    /// <param name="variables">Of the program.</param>
    public string? Find(string program, IReadOnlyDictionary<string, string> variables, out string file) =>
        ProgramFinder.Find(program, variables[PathVariable], _directory, out file);

    /// <summary>Joins the container's control group.</summary>
    /// <exception cref="IOException">It cannot, or an <see cref="UnauthorizedAccessException"/>.</exception>
    public void Join()
    {
        foreach (var file in _facts.MemberFiles) File.WriteAllText(file, "0");
    }

    /// <summary>Becomes the program.</summary>
    /// <param name="command">The first is the path of the program.</param>
    /// <param name="keep">The capabilities that it may have at most.</param>
    /// <param name="errors">The descriptor at which a failure is told.</param>
    [DoesNotReturn]
    public void Become(IReadOnlyList<string> command, CapabilitySet keep, IReadOnlyDictionary<string, string> variables,
        int errors) => NetnsExec.BecomeBeside(_netns, _process.Handle, keep, command, new ProgramSetting("", _directory,
            variables, _facts.User, _facts.Group, _facts.Groups, _facts.MayGain, errors));
}
