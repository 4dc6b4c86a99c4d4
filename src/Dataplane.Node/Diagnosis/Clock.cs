using Dataplane.Linux.Native;

namespace Dataplane.Node.Diagnosis;

/// <summary>Enforcement needs no clock; flow logs and captures are compared with other machines' by time.</summary>
internal static class Clock
{
    public static Finding Check() => KernelClock.IsSynchronized()
        ? Finding.Ok("clock: synchronized")
        : Finding.Warning("the clock is not synchronized: times of flows and captures may not match other machines'",
            "start a time service such as systemd-timesyncd or chrony");
}
