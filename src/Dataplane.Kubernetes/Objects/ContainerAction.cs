namespace Dataplane.Kubernetes.Objects;

/// <summary>core/v1 ProbeHandler and LifecycleHandler: one thing that is done to or in a container.</summary>
public abstract record ContainerAction
{
    private ContainerAction()
    {
    }

    /// <summary>A program in the container; it succeeds with exit code 0. Nothing in it is expanded.</summary>
    public sealed record Exec(EqualList<string> Command) : ContainerAction;

    /// <summary>A GET request; it succeeds with status 200 to 399.</summary>
    /// <param name="IsTls">Certificates are not verified.</param>
    /// <param name="Host">Null: the pod.</param>
    /// <param name="Path">Begins with <c>/</c>.</param>
    /// <param name="Headers">Names and values.</param>
    public sealed record Http(bool IsTls, string? Host, ActionPort Port, string Path,
        EqualList<KeyValuePair<string, string>> Headers) : ContainerAction;

    /// <summary>A connection; it succeeds when it is accepted.</summary>
    /// <param name="Host">Null: the pod.</param>
    public sealed record Tcp(string? Host, ActionPort Port) : ContainerAction;

    /// <summary>Nothing, for some seconds.</summary>
    public sealed record Sleep(int Seconds) : ContainerAction;
}
