using System.Globalization;

namespace Dataplane.Node.Diagnosis;

/// <summary>The three capabilities that a daemon needs (linux/capability.h).</summary>
internal static class Capabilities
{
    private static readonly (int Bit, string Name, string For)[] Needed =
    [
        (12, "CAP_NET_ADMIN", "links, routes, nf_tables"), (13, "CAP_NET_RAW", "probes and captures"),
        (21, "CAP_SYS_ADMIN", "network namespaces"),
    ];

    public static IEnumerable<Finding> Check()
    {
        const string name = "CapEff:";
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(name, StringComparison.Ordinal));
        return [Of(ulong.Parse(line[name.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
    }

    /// <param name="effective">As in /proc/PID/status.</param>
    internal static Finding Of(ulong effective)
    {
        var missing = Needed.Where(c => (effective >> c.Bit & 1) == 0).ToList();
        return missing.Count == 0
            ? Finding.Ok(string.Join(", ", Needed.Select(c => c.Name)))
            : Finding.Failed($"missing: {string.Join(", ", missing.Select(c => $"{c.Name} ({c.For})"))}",
                "run it as root, or give the service these capabilities (AmbientCapabilities= in its unit)");
    }
}
