namespace Dataplane.Kubernetes.Objects;

/// <summary>
/// What runs in a pod: its containers, with the defaults of the API server. Equal by content, and the same object for
/// pods of equal content, as those of a template are.
/// </summary>
public sealed record PodPrograms
{
    /// <summary>Seconds between the request to end and the end by force where the manifest says nothing.</summary>
    public const int DefaultGraceSeconds = 30;

    /// <summary>Nothing runs.</summary>
    public static readonly PodPrograms None = new();

    private const int Slots = 1 << 10;

    private static readonly PodPrograms?[] Known = new PodPrograms?[Slots];

    /// <summary>One after the other, each until it ends, or is started for those that stay.</summary>
    public EqualList<ContainerSpec> Init { get; init; } = EqualList<ContainerSpec>.None;

    /// <summary>All together, when those of <see cref="Init"/> are done.</summary>
    public EqualList<ContainerSpec> Containers { get; init; } = EqualList<ContainerSpec>.None;

    public RestartPolicy RestartPolicy { get; init; }

    /// <summary>spec.terminationGracePeriodSeconds, 0 or more.</summary>
    public int GraceSeconds { get; init; } = DefaultGraceSeconds;

    /// <summary>spec.activeDeadlineSeconds, 1 or more; null: it may run for ever.</summary>
    public int? DeadlineSeconds { get; init; }

    /// <summary>The same, started again after failures at most.</summary>
    internal PodPrograms ThatEnd() => RestartPolicy != RestartPolicy.Always ? this
        : Shared(this with { RestartPolicy = RestartPolicy.OnFailure });

    /// <summary>
    /// An equal object, the same for equal ones as far as a bounded table knows them. Safe on any thread: references
    /// are written whole.
    /// </summary>
    internal static PodPrograms Shared(PodPrograms programs)
    {
        ref var slot = ref Known[(uint)programs.GetHashCode() % Slots];
        return slot is { } known && known == programs ? known : slot = programs;
    }
}
