using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Programs;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Runtime.Launching;

/// <summary>
/// The process between the daemon and a program that somebody runs in a container (kubectl exec): it becomes this
/// program. Why it could not, it says as <see cref="Launcher"/> does.
/// </summary>
public static class BesideLauncher
{
    /// <summary>The exit codes of shells for a program that cannot be run, and for one that does not
    /// exist.</summary>
    public const int NotExecutable = 126, NotFound = 127;

    /// <summary>TERM of a program with a terminal, where the container says nothing, as container runtimes have
    /// it.</summary>
    private const string Terminal = "xterm";

    public static int Become()
    {
        try
        {
            ProgramPipe.CloseOnExec(Launcher.StatusDescriptor);
            using var told = new FileStream(
                new SafeFileHandle(BesideStart.Descriptor, ownsHandle: true), FileAccess.Read, bufferSize: 0);
            return Become(BesideStart.FromJson(told));
        }
        catch (Exception e) when (e is LinuxException or IOException or UnauthorizedAccessException)
        {
            return Launcher.Fail(e.Message);
        }
    }

    private static int Become(BesideStart start)
    {
        OwnSession.Begin();
        if (start.HasTerminal) PseudoTerminal.Control(0);
        if (ContainerPlace.Open(start.Id, start.StartTicks, start.Directory) is not { } place)
            return Launcher.Fail("the container has ended");
        var (user, group) = (place.Facts.User, place.Facts.Group);
        if (start.HasTerminal) PseudoTerminal.Give(0, user, group);
        else foreach (var standard in (int[])[0, 1, 2]) ProgramPipe.Give(standard, user, group);
        var variables = place.Variables(start.HasTerminal ? Terminal : null);
        if (place.Find(start.Command[0], variables, out var program) is { } why)
        {
            Launcher.Fail(why);
            return Path.Exists(program) ? NotExecutable : NotFound;
        }
        place.Join();
        place.Become([program, .. start.Command.Skip(1)], new CapabilitySet(place.Facts.Capabilities), variables,
            Launcher.StatusDescriptor);
        return Launcher.CouldNotStart;
    }
}
