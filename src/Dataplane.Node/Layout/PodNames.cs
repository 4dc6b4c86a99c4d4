using System.Security.Cryptography;
using System.Text;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Layout;

/// <summary>The names of pods in the kernel: namespaces below /run/netns, and aliases of bridge ports.</summary>
internal static class PodNames
{
    /// <summary>Below NAME_MAX (255) of files and IFALIASZ (256, linux/if.h) of links.</summary>
    private const int Longest = 200;

    /// <summary>The character between the parts. Names of Kubernetes namespaces and pods cannot contain it.</summary>
    public const char Joint = '_';

    /// <summary><c>NODE_NAMESPACE_POD</c>.</summary>
    public static string Netns(string node, PodEndpoint pod) =>
        Cut($"{node}{Joint}{pod.Pod.Namespace}{Joint}{pod.Pod.Name}");

    /// <summary>The names of all namespaces below /run/netns that are called after a pod of this node.</summary>
    public static IEnumerable<string> NetnsOf(string node) =>
        Linux.Namespaces.Netns.List().Where(n => IsOf(node, n));

    /// <summary>Whether a name below /run/netns is that of one of the node's pods.</summary>
    public static bool IsOf(string node, string netns) => netns.StartsWith($"{node}{Joint}", StringComparison.Ordinal);

    /// <summary><c>namespace/pod</c>.</summary>
    public static string Alias(PodEndpoint pod) => Cut(pod.Name);

    /// <summary>
    /// The alias of the loopback in a namespace that was made for a pod: what is left when its port is gone, and the
    /// pod has links of its own.
    /// </summary>
    public const string Made = "made by dataplane";

    private static string Cut(string name) => name.Length <= Longest ? name
        : $"{name[..Longest]}{Joint}{Hash(name)}";

    private static string Hash(string name) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8));
}
