using Dataplane.Runtime.Statuses;

namespace Dataplane.Runtime.Supervision.Wire;

/// <summary>A <see cref="PodReport"/> whose status does not repeat what the order says.</summary>
internal sealed record WireReport(PodOrder Order, WireStatus? Status, IReadOnlyList<ContainerProcess> Processes,
    DateTimeOffset Start)
{
    public static WireReport Of(PodReport report) => new(report.Order,
        report.Status is { } s ? new WireStatus(s.Phase, s.Reason, s.Init, s.Containers, s.IsReady, s.IsTerminating)
            : null,
        report.Processes, report.Start);

    public PodReport Report() => new(Order,
        Status is { } s ? new PodStatus(Order.Programs, s.Phase, s.Reason, s.Init, s.Containers, s.IsReady,
            s.IsTerminating) : null,
        Processes, Start);
}
