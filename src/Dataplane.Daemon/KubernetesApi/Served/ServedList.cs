using System.Collections.Immutable;

namespace Dataplane.Daemon.KubernetesApi.Served;

/// <summary>All objects at one moment. Immutable.</summary>
/// <param name="Version">The resourceVersion of the moment.</param>
/// <param name="Generation">The generation of the state that is shown.</param>
internal sealed record ServedList(long Version, long Generation,
    ImmutableDictionary<string, ImmutableSortedDictionary<string, ServedObject>> ByPath)
{
    public static readonly ImmutableSortedDictionary<string, ServedObject> None =
        ImmutableSortedDictionary.Create<string, ServedObject>(StringComparer.Ordinal);

    /// <summary>The objects of a resource by full name, in order.</summary>
    /// <param name="path">See <see cref="ApiMachinery.Resources.ApiResource.Path"/>.</param>
    public ImmutableSortedDictionary<string, ServedObject> Of(string path) => ByPath.GetValueOrDefault(path, None);
}
