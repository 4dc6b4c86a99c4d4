using System.Diagnostics.CodeAnalysis;
using System.Text;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Programs;

namespace Dataplane.Runtime.Launching;

/// <summary>The process between the supervisor and a program of a container: it becomes this program.</summary>
public static class Launcher
{
    /// <summary>The exit code of one that could not.</summary>
    public const int CouldNotStart = 125;

    /// <summary>
    /// Where it says why it could not: the end of a pipe. It is closed without a word when the program begins.
    /// </summary>
    public const int StatusDescriptor = 3;

    private const string PathVariable = "PATH";

    /// <summary>Leads a session of its own, joins the control group, and becomes the program, or ends.</summary>
    public static int Become(ProgramStart start)
    {
        try
        {
            if (!start.Announces) ProgramPipe.CloseOnExec(StatusDescriptor);
            OwnSession.Begin();
            if (start.Claim is not null && !RunClaim.TryTake(start.Claim)) return CouldNotStart;
            // What it was told here is nothing for the program.
            using (var nothing = ProgramPipe.Nothing()) ProgramPipe.Duplicate(nothing, 0);
            if (start.User != 0)
                foreach (var output in (int[])[1, 2]) ProgramPipe.Give(output, start.User, start.Group);
            var variables = new Dictionary<string, string>(start.Variables);
            variables.TryAdd(PathVariable, ProgramFinder.DefaultPath);
            if (start.Netns is not null) variables.TryAdd("HOSTNAME", start.HostName);
            var directory = start.Directory ?? "/";
            if (!Directory.Exists(directory))
                return Fail($"chdir to cwd (\"{directory}\") set in config.json failed: no such file or directory");
            if (ProgramFinder.Find(start.Command[0], variables[PathVariable], directory, out var program) is { } why)
                return Fail(why);
            // Not before: what this process needs is not the container's.
            foreach (var file in start.MemberFiles) File.WriteAllText(file, "0");
            Exec(start, program, new ProgramSetting(start.HostName, directory, variables, start.User, start.Group,
                start.Groups, start.MayGain, StatusDescriptor));
        }
        catch (Exception e) when (e is LinuxException or IOException or UnauthorizedAccessException)
        {
            return Fail(e.Message);
        }
        return CouldNotStart;
    }

    /// <summary>Says why the program does not begin.</summary>
    /// <returns>The exit code.</returns>
    public static int Fail(string why)
    {
        // Where it fails, whoever wanted to know it is gone.
        ProgramPipe.Write(StatusDescriptor, Encoding.UTF8.GetBytes(why));
        return CouldNotStart;
    }

    [DoesNotReturn]
    private static void Exec(ProgramStart start, string program, ProgramSetting setting) => NetnsExec.Become(
        start.Netns, new CapabilitySet(start.Capabilities), [program, .. start.Command.Skip(1)], setting);
}
