using Dataplane.Linux.Native;

namespace Dataplane.Node.Diagnosis;

/// <summary>
/// Whether this machine can do what we ask of it, and whether it does: ends with one allowed and one denied packet.
/// </summary>
public static class Doctor
{
    /// <param name="stateDirectory">Where a daemon keeps its state.</param>
    public static IEnumerable<Finding> Examine(string stateDirectory) =>
    [
        .. Guarded("the capabilities", Capabilities.Check),
        .. Guarded("the kernel", KernelFeatures.Check),
        .. Guarded("the settings", Machine.Check),
        .. Guarded("other firewalls", OtherFirewalls.Check),
        .. Guarded("the disk", () => Disk.Check(stateDirectory)),
        .. Guarded("the clock", () => [Clock.Check()]),
        .. Guarded("what is left of dead runs", () => [Leftovers.Check()]),
        .. Guarded("enforcement", () => [Enforcement.Check()]),
    ];

    /// <summary>A check that cannot be made is a finding too, and the others go on.</summary>
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
