using System.Globalization;

namespace Dataplane.Linux.Namespaces;

/// <summary>
/// The id by which one network namespace refers to another (nsid: IFLA_LINK_NETNSID, NETLINK_LISTEN_ALL_NSID). Each
/// namespace has ids of its own for the others.
/// </summary>
/// <param name="Value">0 or more.</param>
public readonly record struct NamespaceId(int Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
