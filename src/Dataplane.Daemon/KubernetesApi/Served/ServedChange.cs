namespace Dataplane.Daemon.KubernetesApi.Served;

/// <summary>A change of one object.</summary>
/// <param name="Version">The resourceVersion that it led to.</param>
/// <param name="Before">Null: the object is new.</param>
/// <param name="After">Null: it is gone.</param>
internal sealed record ServedChange(long Version, ServedObject? Before, ServedObject? After)
{
    public ServedObject Object => After ?? Before!;
}
