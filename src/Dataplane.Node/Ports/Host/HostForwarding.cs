using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;

namespace Dataplane.Node.Ports.Host;

/// <summary>
/// Turns forwarding on in the namespace. A router ignores router advertisements, and loses the routes that it learned
/// from them, except on interfaces with accept_ra 2 (ip-sysctl, accept_ra). So interfaces that accepted them so far get
/// that value first.
/// </summary>
internal static class HostForwarding
{
    private const string All = "net/ipv6/conf/all/forwarding";

    public static void TurnOn(Netns netns, NetlinkSocket route)
    {
        if (Sysctl.Read(netns, "net/ipv4/ip_forward") != "1")
            Sysctl.Write(netns, new SysctlSetting("net/ipv4/ip_forward", "1"));
        if (Sysctl.Read(netns, All) == "1") return;
        foreach (var link in Links.Dump(route))
        {
            var conf = $"net/ipv6/conf/{link.Name}";
            if (Sysctl.Read(netns, $"{conf}/accept_ra") == "1" && Sysctl.Read(netns, $"{conf}/forwarding") == "0")
                Sysctl.Write(netns, new SysctlSetting($"{conf}/accept_ra", "2"));
        }
        Sysctl.Write(netns, new SysctlSetting(All, "1"));
    }
}
