using System.Reflection;
using Dataplane.Linux.Native;

namespace Dataplane.Linux.Namespaces;

/// <summary>A set of capabilities, capabilities(7).</summary>
/// <param name="Bits">A bit for the number of each, as in CapEff of proc_pid_status(5).</param>
public readonly record struct CapabilitySet(ulong Bits)
{
    private const string Prefix = "CAP_";

    /// <summary>Also those that a later kernel may have.</summary>
    public static readonly CapabilitySet All = new(ulong.MaxValue);

    /// <summary>
    /// What Docker, containerd and CRI-O give a container that asks for nothing (moby, oci/caps/defaults.go). None of
    /// these reaches beyond the network namespace.
    /// </summary>
    public static readonly CapabilitySet OfContainers = Of(
        Capability.CAP_CHOWN, Capability.CAP_DAC_OVERRIDE, Capability.CAP_FSETID, Capability.CAP_FOWNER,
        Capability.CAP_MKNOD, Capability.CAP_NET_RAW, Capability.CAP_SETGID, Capability.CAP_SETUID,
        Capability.CAP_SETFCAP, Capability.CAP_SETPCAP, Capability.CAP_NET_BIND_SERVICE, Capability.CAP_SYS_CHROOT,
        Capability.CAP_KILL, Capability.CAP_AUDIT_WRITE);

    /// <summary>What a process needs to open port 53 and to become nobody.</summary>
    public static readonly CapabilitySet OfNameServer = Of(
        Capability.CAP_SETGID, Capability.CAP_SETUID, Capability.CAP_NET_BIND_SERVICE);

    /// <summary>Names without <c>CAP_</c>, in the order of their numbers.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(Capability).GetFields(BindingFlags.Public | BindingFlags.Static)
            .OrderBy(f => (int)f.GetRawConstantValue()!).Select(f => f.Name[Prefix.Length..]),
    ];

    public bool Has(int number) => (Bits >> number & 1) == 1;

    public CapabilitySet With(CapabilitySet others) => new(Bits | others.Bits);

    /// <summary>One capability by its name, with or without <c>CAP_</c>, in either case; <c>ALL</c>: all.</summary>
    /// <returns>Null: there is none of this name.</returns>
    public static CapabilitySet? Named(string name)
    {
        var upper = name.ToUpperInvariant();
        if (upper == "ALL") return All;
        var bare = upper.StartsWith(Prefix, StringComparison.Ordinal) ? upper[Prefix.Length..] : upper;
        return Names.Index().Where(n => n.Item == bare).Select(n => (CapabilitySet?)Of(n.Index)).SingleOrDefault();
    }

    private static CapabilitySet Of(params ReadOnlySpan<int> numbers)
    {
        var bits = 0ul;
        foreach (var number in numbers) bits |= 1ul << number;
        return new CapabilitySet(bits);
    }
}
