using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dataplane.Runtime.Launching;
using Dataplane.Runtime.Logs;
using Dataplane.Runtime.Supervision;

namespace Dataplane.Supervisor.Pods;

/// <summary>The names of what a run of a container has on this machine.</summary>
/// <param name="id">See <see cref="Runtime.Supervision.Wire.RunRecord"/>.</param>
internal sealed class RunFiles(SupervisorFiles files, PodOrder order, string container, long id)
{
    /// <summary>Of a container; a fork bomb stays among them.</summary>
    public const int MostProcesses = 1024;

    private const int HashBytes = 8;

    private readonly string _directory = files.ContainerOf(order.Namespace, order.Name, container);

    public string Log => files.LogOf(order.Namespace, order.Name, container);

    public string Out => $"{_directory}/out";

    public string Error => $"{_directory}/err";

    public string Claim => string.Create(CultureInfo.InvariantCulture, $"{_directory}/claim.{id:x}");

    public bool HasPipes => File.Exists(Out) && File.Exists(Error);

    /// <summary>Of its control group.</summary>
    public string Group => string.Create(CultureInfo.InvariantCulture, $"{GroupsOf(order)}{container}.{id:x}");

    /// <summary>With what the names of all control groups of a pod begin.</summary>
    public static string GroupsOf(PodOrder order) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(order.Key)).AsSpan(0, HashBytes)) + ".";

    /// <summary>Who became the program, see <see cref="RunClaim.Settle"/>.</summary>
    public (int Id, ulong StartTicks)? Settle()
    {
        // Whoever was killed before it made this has not started anything.
        Directory.CreateDirectory(_directory);
        return RunClaim.Settle(Claim);
    }

    /// <summary>Makes room for the log of this run; that of the run before is the previous one from now on.</summary>
    public void Begin()
    {
        Directory.CreateDirectory(_directory);
        if (!File.Exists(Log) || new FileInfo(Log).Length == 0) return;
        var previous = files.LogOf(order.Namespace, order.Name, container, previous: true);
        File.Delete(LogFile.OlderOf(previous));
        if (File.Exists(LogFile.OlderOf(Log))) File.Move(LogFile.OlderOf(Log), LogFile.OlderOf(previous));
        File.Move(Log, previous, overwrite: true);
    }

    /// <summary>Nothing of the run is left, and nobody will ask who became its program; its log stays.</summary>
    public void End()
    {
        // One that was refused has none.
        if (!Directory.Exists(_directory)) return;
        foreach (var path in (string[])[Out, Error, Claim]) File.Delete(path);
    }
}
