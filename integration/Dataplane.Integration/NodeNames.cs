using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration;

internal static class NodeNames
{
    /// <summary>
    /// The names of a node and its pods below /run/netns, sorted. Other tests' nodes may begin with the same
    /// characters.
    /// </summary>
    public static IReadOnlyList<string> Of(string node) =>
        [.. Netns.List()
            .Where(n => n == node || n.StartsWith($"{node}_", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
}
