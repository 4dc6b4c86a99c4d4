using Dataplane.Linux.Native;

namespace Dataplane.Node.Diagnosis;

/// <summary>
/// Checks whether this machine has what a node needs. The last check sends one packet that must be allowed and one that
/// must be denied.
/// </summary>
public static class Doctor
{
    /// <param name="stateDirectory">The directory of the daemon's state.</param>
    public static IEnumerable<Finding> Examine(string stateDirectory) =>
    [
        .. Guarded("the capabilities", Capabilities.Check),
        .. Guarded("the kernel", KernelFeatures.Check),
        .. Guarded("the settings", Machine.Check),
        .. Guarded("other firewalls", OtherFirewalls.Check),
        .. Guarded("routes", HostRoutes.Check),
        .. Guarded("the disk", () => Disk.Check(stateDirectory)),
        .. Guarded("the clock", () => [Clock.Check()]),
        .. Guarded("what is left of dead runs", () => [Leftovers.Check()]),
        .. Guarded("enforcement", () => [Enforcement.Check()]),
    ];

    /// <summary>Runs one check. A check that cannot be made becomes a finding and does not stop the others.</summary>
    private static IReadOnlyList<Finding> Guarded(string what, Func<IEnumerable<Finding>> check)
    {
        try
        {
            return [.. check()];
        }
        catch (LinuxException e) when (e.ErrorNumber is Errno.EPERM or Errno.EACCES)
        {
            return [Finding.Failed($"{what}: not examined, that needs root", "run it with sudo dataplane doctor")];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return [Finding.Failed($"{what}: {e.Message.ReplaceLineEndings(" ")}",
                "see the message; the other checks went on")];
        }
    }
}
