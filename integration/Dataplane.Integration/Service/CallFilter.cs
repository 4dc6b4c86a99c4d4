using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Dataplane.Integration.Service;

/// <summary>
/// The unit's filter of system calls as classic BPF for seccomp(2), as systemd makes it from SystemCallFilter,
/// RestrictAddressFamilies and RestrictNamespaces. What is not in the list fails with EPERM.
/// </summary>
internal static class CallFilter
{
    private const string Headers = "/usr/include/x86_64-linux-gnu/asm/unistd_64.h";
    private const string Analyze = "/usr/bin/systemd-analyze";

    // linux/filter.h, linux/seccomp.h, linux/audit.h
    private const ushort Load = 0x20, Equal = 0x15, HasBits = 0x45, Return = 0x06;
    private const uint Allow = 0x7fff0000, Errno = 0x00050000, X64 = 0xc000003e;
    private const uint Number = 0, Architecture = 4, FirstArgument = 16, SecondArgument = 24;

    // All CLONE_NEW* but CLONE_NEWNET, linux/sched.h.
    private const uint OtherNamespaces = 0x02000000 | 0x00020000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000;

    private static readonly Dictionary<string, uint> Families = new()
    {
        ["AF_UNIX"] = 1, ["AF_INET"] = 2, ["AF_INET6"] = 10, ["AF_NETLINK"] = 16, ["AF_PACKET"] = 17,
    };

    /// <summary>Why it cannot be made here; null: it can.</summary>
    public static string? WhyNot => File.Exists(Headers) && File.Exists(Analyze) && File.Exists("/usr/bin/perl")
        ? null : "systemd-analyze, perl or the x86-64 headers are not installed";

    public static byte[] Of(ServiceUnit unit)
    {
        var numbers = Regex.Matches(File.ReadAllText(Headers), @"#define __NR_(\w+)\s+(\d+)")
            .ToDictionary(m => m.Groups[1].Value, m => uint.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture));
        var code = new List<(ushort Code, byte True, byte False, uint Value)>
        {
            (Load, 0, 0, Architecture), (Equal, 1, 0, X64), (Return, 0, 0, Errno | 1),
        };
        var families = unit["RestrictAddressFamilies"].Split(' ');
        // The argument replaces the number in the accumulator: each of these ends with a return.
        code.AddRange([(Load, 0, 0, Number), (Equal, 0, (byte)(2 + 2 * families.Length), numbers["socket"]),
            (Load, 0, 0, FirstArgument)]);
        foreach (var family in families) code.AddRange([(Equal, 0, 1, Families[family]), (Return, 0, 0, Allow)]);
        code.Add((Return, 0, 0, Errno | 97)); // EAFNOSUPPORT
        Assert.Equal("net", unit["RestrictNamespaces"]);
        (string Call, uint Flags)[] entering =
            [("unshare", FirstArgument), ("setns", SecondArgument), ("clone", FirstArgument)];
        foreach (var (call, flags) in entering)
        {
            code.AddRange([(Equal, 0, 4, numbers[call]), (Load, 0, 0, flags), (HasBits, 0, 1, OtherNamespaces),
                (Return, 0, 0, Errno | 1), (Return, 0, 0, Allow)]);
        }
        // A name that this architecture does not have is passed over.
        foreach (var call in Calls(unit["SystemCallFilter"].Split(' ')).Distinct().Where(numbers.ContainsKey))
            code.AddRange([(Equal, 0, 1, numbers[call]), (Return, 0, 0, Allow)]);
        code.Add((Return, 0, 0, Errno | 1));
        var bytes = new byte[8 * code.Count];
        for (var i = 0; i < code.Count; i++)
        {
            var at = bytes.AsSpan(8 * i);
            BinaryPrimitives.WriteUInt16LittleEndian(at, code[i].Code);
            (at[2], at[3]) = (code[i].True, code[i].False);
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], code[i].Value);
        }
        return bytes;
    }

    /// <summary>The names of calls, with the groups that systemd knows written out.</summary>
    private static IEnumerable<string> Calls(IEnumerable<string> names) =>
        names.SelectMany(name => name[0] != '@' ? [name]
        : Calls(Tool.Run(Analyze, "syscall-filter", name).Succeeded().Split('\n').Skip(1)
            .Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#')));
}
