namespace Dataplane.Runtime.Statuses;

/// <summary>How a container ended, in the words of a kubelet.</summary>
/// <param name="Code">0 to 255; 128 and the number of the signal where one ended it.</param>
/// <param name="Reason">A word such as <c>Completed</c> or <c>Error</c>.</param>
/// <param name="Message">Null where the reason says all.</param>
public sealed record ContainerExit(int Code, string Reason, string? Message = null)
{
    private const int SignalBase = 128, Kill = 9;

    public static ContainerExit OfCode(int code) => new(code, code == 0 ? "Completed" : "Error");

    /// <param name="signal">Its number, signal(7).</param>
    public static ContainerExit OfSignal(int signal) => new(SignalBase + signal, "Error");

    /// <summary>The kernel ended it, because its memory limit was reached.</summary>
    public static ContainerExit OutOfMemory { get; } = new(SignalBase + Kill, "OOMKilled");

    /// <summary>It ended while nobody looked, so its exit code is lost.</summary>
    public static ContainerExit Unknown { get; } = new(SignalBase + Kill, "ContainerStatusUnknown",
        "it ended while no supervisor ran: its exit code is not known");

    /// <summary>It was never started.</summary>
    /// <param name="message">Why, as runc words it.</param>
    public static ContainerExit NotStarted(string message) => new(SignalBase, "StartError", message);
}
