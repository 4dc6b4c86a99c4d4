using System.Net.Sockets;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Compilation.Tables;

/// <summary>
/// The widest classes: every pod of a family, every address outside the pod network of a family. A rule for all peers
/// is four elements, not one for each class. The numbers are written into the fixed rules.
/// </summary>
public static class Realm
{
    public static readonly ClassNumber PodsIPv4 = new(1), PodsIPv6 = new(2), OutsideIPv4 = new(3), OutsideIPv6 = new(4);

    /// <summary>The first number that a class may have.</summary>
    public static readonly ClassNumber FirstClass = new(16);

    private static readonly PerFamily<ClassNumber> PodRealms = new(PodsIPv4, PodsIPv6),
        OutsideRealms = new(OutsideIPv4, OutsideIPv6);

    public static ClassNumber Pods(AddressFamily family) => PodRealms[family];

    public static ClassNumber Outside(AddressFamily family) => OutsideRealms[family];

    /// <summary>The numbers of classes of one role.</summary>
    internal static Numbering<ClassNumber> Numbers() => new(FirstClass.Value, value => new ClassNumber(value));
}
