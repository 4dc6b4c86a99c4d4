namespace Dataplane.Kubernetes.Objects;

/// <summary>resources.limits of a container.</summary>
/// <param name="MemoryBytes">Null: none.</param>
/// <param name="MilliCpus">Thousandths of a processor; null: none.</param>
public sealed record ContainerLimits(long? MemoryBytes, long? MilliCpus)
{
    public static readonly ContainerLimits None = new(null, null);
}
