namespace Dataplane.Kubernetes.Objects;

/// <summary>core/v1 RestartPolicy: whether the containers of a pod are started again when they end.</summary>
public enum RestartPolicy
{
    Always,

    /// <summary>Unless the exit code was 0.</summary>
    OnFailure,

    Never,
}
