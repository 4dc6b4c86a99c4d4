namespace Dataplane.Runtime.Life;

/// <summary>What is to be done with a container now.</summary>
public abstract record Order
{
    private Order()
    {
    }

    /// <summary>The name of the container.</summary>
    public required string Container { get; init; }

    /// <summary>It is to be started; <see cref="PodLife.Started"/> or <see cref="PodLife.NotStarted"/> says what
    /// became of it.</summary>
    /// <param name="Number">0 for the first start.</param>
    public sealed record Start(int Number) : Order;

    /// <summary>It is to be probed; <see cref="PodLife.Probed"/> says how it went.</summary>
    public sealed record Probe(ProbeKind Kind) : Order;

    /// <summary>The action before the end; <see cref="PodLife.PreStopped"/> says that it is over.</summary>
    public sealed record PreStop : Order;

    /// <summary>It is asked to end: SIGTERM.</summary>
    public sealed record Terminate : Order;

    /// <summary>All of it is ended: SIGKILL.</summary>
    public sealed record Kill : Order;
}
