namespace Dataplane.Kubernetes.Objects;

/// <summary>core/v1 Probe, with the defaults of the API server.</summary>
public sealed record ContainerProbe(ContainerAction Action)
{
    /// <summary>From the start of the container to the first probe, 0 or more.</summary>
    public int DelaySeconds { get; init; }

    /// <summary>From one probe to the next, 1 or more.</summary>
    public int PeriodSeconds { get; init; } = 10;

    /// <summary>After which a probe has failed, 1 or more.</summary>
    public int TimeoutSeconds { get; init; } = 1;

    /// <summary>Successes in a row that make a success, 1 or more.</summary>
    public int Successes { get; init; } = 1;

    /// <summary>Failures in a row that make a failure, 1 or more.</summary>
    public int Failures { get; init; } = 3;

    /// <summary>Of a container that this probe ends, 1 or more; null: the pod's.</summary>
    public int? GraceSeconds { get; init; }
}
