using System.Net.Sockets;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Compilation.Tables;

/// <summary>
/// The widest classes: every pod of a family, every address outside the pod network of a family. A rule for all peers
/// is four elements, not one for each class. The numbers are written into the fixed rules.
/// </summary>
public static class Realm
{
    public const uint PodsIPv4 = 1, PodsIPv6 = 2, OutsideIPv4 = 3, OutsideIPv6 = 4;

    /// <summary>The first number that a class may have.</summary>
    public const uint FirstClass = 16;

    private static readonly PerFamily<uint> PodRealms = new(PodsIPv4, PodsIPv6),
        OutsideRealms = new(OutsideIPv4, OutsideIPv6);

    public static uint Pods(AddressFamily family) => PodRealms[family];

    public static uint Outside(AddressFamily family) => OutsideRealms[family];
}
