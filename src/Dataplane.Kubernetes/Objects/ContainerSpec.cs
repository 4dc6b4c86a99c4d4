namespace Dataplane.Kubernetes.Objects;

/// <summary>core/v1 Container, as far as it says what runs and how. Equal by content.</summary>
/// <param name="Name">A DNS label, the only one of its name in the pod.</param>
public sealed record ContainerSpec(string Name)
{
    /// <summary>Empty where the manifest names none.</summary>
    public string Image { get; init; } = "";

    /// <summary>The program and its first arguments, not expanded; empty: that of the image.</summary>
    public EqualList<string> Command { get; init; } = EqualList<string>.None;

    /// <summary>What follows <see cref="Command"/>, not expanded.</summary>
    public EqualList<string> Arguments { get; init; } = EqualList<string>.None;

    /// <summary>Null: that of the image.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>In the order of the manifest: a value may refer to variables before it.</summary>
    public EqualList<EnvironmentVariable> Environment { get; init; } = EqualList<EnvironmentVariable>.None;

    public EqualList<DeclaredPort> Ports { get; init; } = EqualList<DeclaredPort>.None;

    /// <summary>An init container with <c>restartPolicy: Always</c>: it stays beside the others.</summary>
    public bool IsSidecar { get; init; }

    public ContainerSecurity Security { get; init; } = ContainerSecurity.Default;

    public ContainerLimits Limits { get; init; } = ContainerLimits.None;

    /// <summary>Whether it gets requests; null: always.</summary>
    public ContainerProbe? Readiness { get; init; }

    /// <summary>Whether it is to be ended and started again; null: never.</summary>
    public ContainerProbe? Liveness { get; init; }

    /// <summary>Until it succeeds the other probes wait; null: they do not.</summary>
    public ContainerProbe? Startup { get; init; }

    /// <summary>lifecycle.preStop: what is done before the container is asked to end; null: nothing.</summary>
    public ContainerAction? PreStop { get; init; }
}
