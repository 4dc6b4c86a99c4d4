using Dataplane.Linux.Files;

namespace Dataplane.Node.Diagnosis;

/// <summary>
/// Finds programs with rules of their own on this machine. They do not affect a private node; a host node shares the
/// namespace with them.
/// </summary>
internal static class OtherFirewalls
{
    /// <summary>In bytes.</summary>
    private const int MaxSettings = 1 << 16;

    public static IEnumerable<Finding> Check()
    {
        List<string> present = [];
        if (Directory.Exists("/sys/class/net/docker0")) present.Add("Docker (its FORWARD policy is drop)");
        if (File.Exists("/run/firewalld.pid") || Directory.Exists("/run/firewalld"))
            present.Add("firewalld (it flushes rules when it reloads)");
        if (IsUfwEnabled("/etc/ufw/ufw.conf")) present.Add("ufw");
        var host = HostFirewalls.Check();
        foreach (var finding in host) yield return finding;
        if (present.Count == 0)
        {
            yield return Finding.Ok("no other firewall found");
            yield break;
        }
        var names = string.Join(", ", present);
        yield return Finding.Ok(host.Count > 0
            ? $"{names}: beside the host node; see above for what is in its way"
            : $"{names}: on the host's own network only; a private node has a network, and rules, of its own");
    }

    private static bool IsUfwEnabled(string file) => RegularFile.TryReadText(file, MaxSettings)?.Split('\n')
        .Any(l => l.Trim().Equals("ENABLED=yes", StringComparison.OrdinalIgnoreCase)) == true;
}
