using Dataplane.Runtime.Supervision;

namespace Dataplane.Supervisor.Keeping;

/// <summary>
/// In which life of the machine the records were written: process numbers and start times of an earlier one would be
/// those of strangers, and its namespaces are gone.
/// </summary>
internal static class BootMark
{
    /// <summary>proc_sys_kernel(5): another one each time that the machine begins.</summary>
    private const string Source = "/proc/sys/kernel/random/boot_id";

    /// <summary>Removes what is left of an earlier life: whoever ordered it orders it again.</summary>
    /// <exception cref="IOException">It cannot be written, or an <see cref="UnauthorizedAccessException"/>.</exception>
    public static void Check(SupervisorFiles files)
    {
        var now = File.ReadAllText(Source);
        if (File.Exists(files.Boot) && File.ReadAllText(files.Boot) == now) return;
        if (Directory.Exists(files.Pods)) Directory.Delete(files.Pods, recursive: true);
        File.WriteAllText(files.Boot, now);
    }
}
