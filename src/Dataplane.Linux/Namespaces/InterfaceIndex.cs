using System.Globalization;

namespace Dataplane.Linux.Namespaces;

/// <summary>
/// The index of a network interface (ifindex). It is valid in one network namespace only; after the interface is
/// deleted, the kernel may give it to another one.
/// </summary>
/// <param name="Value">1 or more; 0: no interface.</param>
public readonly record struct InterfaceIndex(int Value)
{
    /// <summary>
    /// No interface. In requests that create one, the kernel chooses the index; for a packet socket, all interfaces.
    /// </summary>
    public static readonly InterfaceIndex None;

    public bool IsNone => Value == 0;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
