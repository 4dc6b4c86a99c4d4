using System.Diagnostics.CodeAnalysis;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;

namespace Dataplane.Runtime.Launching;

/// <summary>The process between the supervisor and a program of a container: it becomes this program.</summary>
public static class Launcher
{
    /// <summary>The exit code of one that could not; the reason is in the file of the start.</summary>
    public const int CouldNotStart = 125;

    private const string PathVariable = "PATH";

    /// <summary>Leads a session of its own, joins the control group, and becomes the program, or ends.</summary>
    public static int Become(ProgramStart start)
    {
        try
        {
            OwnSession.Begin();
            foreach (var file in start.MemberFiles) File.WriteAllText(file, "0");
            var variables = new Dictionary<string, string>(start.Variables);
            variables.TryAdd(PathVariable, ProgramFinder.DefaultPath);
            variables.TryAdd("HOSTNAME", start.HostName);
            var directory = start.Directory ?? "/";
            if (!Directory.Exists(directory))
            {
                return Fail(start,
                    $"chdir to cwd (\"{directory}\") set in config.json failed: no such file or directory");
            }
            if (ProgramFinder.Find(start.Command[0], variables[PathVariable], directory, out var program) is { } why)
                return Fail(start, why);
            Exec(start, program, new ProgramSetting(start.HostName, directory, variables, start.User, start.Group,
                start.Groups, start.MayGain));
        }
        catch (Exception e) when (e is LinuxException or IOException or UnauthorizedAccessException)
        {
            return Fail(start, e.Message);
        }
        return CouldNotStart;
    }

    [DoesNotReturn]
    private static void Exec(ProgramStart start, string program, ProgramSetting setting) => NetnsExec.Become(
        start.Netns, new CapabilitySet(start.Capabilities), [program, .. start.Command.Skip(1)], setting);

    private static int Fail(ProgramStart start, string why)
    {
        File.WriteAllText(start.FailureFile, why);
        return CouldNotStart;
    }
}
