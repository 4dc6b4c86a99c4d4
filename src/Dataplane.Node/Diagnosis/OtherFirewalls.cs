namespace Dataplane.Node.Diagnosis;

/// <summary>Programs that keep rules of their own on this machine. None of them reaches into a node that is a namespace of its own; a host node lives with them.</summary>
internal static class OtherFirewalls
{
    public static IEnumerable<Finding> Check()
    {
        List<string> present = [];
        if (Directory.Exists("/sys/class/net/docker0")) present.Add("Docker (its FORWARD policy is drop)");
        if (File.Exists("/run/firewalld.pid") || Directory.Exists("/run/firewalld")) present.Add("firewalld (it flushes rules when it reloads)");
        if (File.Exists("/etc/ufw/ufw.conf") && File.ReadLines("/etc/ufw/ufw.conf").Any(l => l.Trim().Equals("ENABLED=yes", StringComparison.OrdinalIgnoreCase))) present.Add("ufw");
        var host = HostFirewalls.Check();
        foreach (var finding in host) yield return finding;
        yield return present.Count == 0
            ? Finding.Ok("no other firewall found")
            : host.Count > 0 ? Finding.Ok($"{string.Join(", ", present)}: beside the host node; see above for what is in its way")
            : Finding.Ok($"{string.Join(", ", present)}: on the host's own network only; a private node has a network, and rules, of its own");
    }
}
