using System.Globalization;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Node.Layout;

/// <summary>
/// The number of a bridge port, from which its name, interface index and MAC addresses are made. Unique on a node; not
/// the port of TCP or UDP.
/// </summary>
/// <param name="Value">0 or more. The negative control has 0.</param>
internal readonly record struct PortNumber(int Value)
{
    private const int FirstIndex = 1001;
    private const ulong FarMacs = 0x0200_0100_0000, MacNumbers = 0xff_ffff;

    /// <summary>The interface index of the port on a private node.</summary>
    public InterfaceIndex Index => new(FirstIndex + Value);

    /// <summary>The name of a pod's port.</summary>
    public string Name => $"pod{Value}";

    /// <summary>The name of the node's end of an external endpoint's veth pair.</summary>
    public string OutsideName => $"ext{Value}";

    /// <summary>The MAC address of the pod's eth0. Locally administered.</summary>
    public MacAddress FarMac => new(FarMacs + (ulong)Value);

    /// <summary>The MAC address of the node's end of an external endpoint's veth pair.</summary>
    public MacAddress NearMac => new(0x0200_0200_0000 + (ulong)Value);

    /// <summary>Whether the address is that of a pod's eth0, of whatever number and node.</summary>
    public static bool IsFarMac(MacAddress mac) => (mac.Bits & ~MacNumbers) == FarMacs;

    /// <summary>The number of the port with this index on a private node; null: an index that is no port's.</summary>
    public static PortNumber? OfIndex(InterfaceIndex index) =>
        index.Value >= FirstIndex ? new PortNumber(index.Value - FirstIndex) : null;

    /// <summary>The number in the name of a pod's port; null for other names.</summary>
    public static PortNumber? InName(string name) => name.StartsWith("pod", StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && new PortNumber(number) is var port && port.Name == name ? port : null;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
