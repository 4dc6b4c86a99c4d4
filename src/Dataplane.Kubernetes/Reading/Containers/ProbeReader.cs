using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;

namespace Dataplane.Kubernetes.Reading.Containers;

/// <summary>core/v1 Probe.</summary>
internal static class ProbeReader
{
    /// <summary>The probe of a field of a container; null where there is none, or none that can be used.</summary>
    public static ContainerProbe? Read(MappingReader container, string name, ActionReader actions)
    {
        if (container.Field(name)?.Mapping(ContainerFields.Probe) is not { } fields)
        {
            return null;
        }
        var isReadiness = name == "readinessProbe";
        var action = actions.Read(fields, name);
        var grace = Scalars.Number(fields, "terminationGracePeriodSeconds", 1);
        if (isReadiness && fields.Field("terminationGracePeriodSeconds") is not null)
        {
            fields.Key("terminationGracePeriodSeconds").Error(Codes.InvalidValue,
                $"{fields.Self.Path.Field("terminationGracePeriodSeconds")} is not for readiness probes",
                "they end nothing", help: "remove the line",
                fix: FieldMoves.Without(fields, "terminationGracePeriodSeconds"));
        }
        var successes = Scalars.OrDefault(fields, "successThreshold", 1);
        if (!isReadiness && successes > 1)
        {
            var at = fields.Field("successThreshold")!.Value;
            at.Error(Codes.InvalidValue, $"{at.Path}: must be 1", $"one success is enough for a {name}",
                help: "write 1", fix: at.Replaced("1"));
        }
        var (delay, period) = (Scalars.Number(fields, "initialDelaySeconds", 0) ?? 0,
            Scalars.OrDefault(fields, "periodSeconds", 10));
        var (timeout, failures) = (Scalars.OrDefault(fields, "timeoutSeconds", 1),
            Scalars.OrDefault(fields, "failureThreshold", 3));
        return action is null ? null : new ContainerProbe(action)
        {
            DelaySeconds = delay,
            PeriodSeconds = period,
            TimeoutSeconds = timeout,
            Successes = successes,
            Failures = failures,
            GraceSeconds = grace,
        };
    }
}
