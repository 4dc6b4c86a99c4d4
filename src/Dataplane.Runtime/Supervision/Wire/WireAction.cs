using Dataplane.Kubernetes.Objects;

namespace Dataplane.Runtime.Supervision.Wire;

/// <summary>A <see cref="ContainerAction"/>: one of the members, as the manifest has them.</summary>
internal sealed record WireAction(ContainerAction.Exec? Exec, ContainerAction.Http? Http, ContainerAction.Tcp? Tcp,
    ContainerAction.Sleep? Sleep)
{
    public static WireAction Of(ContainerAction action) => new(action as ContainerAction.Exec,
        action as ContainerAction.Http, action as ContainerAction.Tcp, action as ContainerAction.Sleep);

    /// <summary>Null: it has none.</summary>
    public ContainerAction? Action() =>
        (ContainerAction?)Exec ?? (ContainerAction?)Http ?? (ContainerAction?)Tcp ?? Sleep;
}
