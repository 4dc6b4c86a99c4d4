using System.Net.Sockets;

namespace Dataplane.Bench;

/// <summary>
/// Services as kube-proxy's iptables mode writes them: one chain that asks for each Service in turn, a chain for each
/// Service that chooses by chance, and one for each endpoint.
/// </summary>
internal static class ServiceLegacyRules
{
    public static void Write(int services, string file)
    {
        using var writer = new StreamWriter(file);
        writer.Write("*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
            + ":POSTROUTING ACCEPT [0:0]\n:KUBE-SERVICES - [0:0]\n");
        for (var service = 0; service < services; service++)
        {
            writer.Write($":SVC-{service} - [0:0]\n");
            for (var i = 0; i < TypicalServices.Endpoints; i++) writer.Write($":SEP-{service}-{i} - [0:0]\n");
        }
        writer.Write("-A PREROUTING -j KUBE-SERVICES\n-A OUTPUT -j KUBE-SERVICES\n");
        for (var service = 0; service < services; service++)
        {
            writer.Write($"-A KUBE-SERVICES -d {TypicalServices.Address(AddressFamily.InterNetwork, service)}/32 "
                + $"-p tcp -m tcp --dport 80 -j SVC-{service}\n");
            for (var i = 0; i < TypicalServices.Endpoints; i++)
            {
                var backend = TypicalServices.Backend(
                    AddressFamily.InterNetwork, service * TypicalServices.Endpoints + i);
                var left = TypicalServices.Endpoints - i;
                var chance = left > 1 ? $" -m statistic --mode random --probability {1.0 / left:F10}" : "";
                writer.Write($"-A SVC-{service}{chance} -j SEP-{service}-{i}\n"
                    + $"-A SEP-{service}-{i} -p tcp -m tcp -j DNAT --to-destination {backend}:8080\n");
            }
        }
        writer.Write("COMMIT\n");
    }
}
