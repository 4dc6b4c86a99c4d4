using Dataplane.Kubernetes.Objects;

namespace Dataplane.Runtime.Answering;

/// <summary>
/// Where a container without a command is asked: on the ports that it declares, or else on that which its image is
/// known for. Manifests need not declare ports, and those of textbooks often do not.
/// </summary>
public static class ImagePorts
{
    /// <summary>TCP ports by the last part of the image's name, as the official images expose them.</summary>
    private static readonly Dictionary<string, int> Known = new(StringComparer.Ordinal)
    {
        ["nginx"] = 80, ["httpd"] = 80, ["caddy"] = 80, ["mysql"] = 3306, ["mariadb"] = 3306, ["postgres"] = 5432,
        ["redis"] = 6379, ["memcached"] = 11211, ["mongo"] = 27017, ["rabbitmq"] = 5672,
    };

    /// <summary>Each once; SCTP is not answered.</summary>
    public static IReadOnlyList<(TransportProtocol Protocol, int Number)> Of(ContainerSpec container)
    {
        if (container.Ports.Count == 0)
        {
            return Known.TryGetValue(NameOf(container.Image), out var port) ? [(TransportProtocol.Tcp, port)] : [];
        }
        return [.. container.Ports.Where(p => p.Protocol != TransportProtocol.Sctp)
            .Select(p => (p.Protocol, (int)p.Number)).Distinct()];
    }

    /// <summary>Such as nginx of <c>docker.io/library/nginx:1.27@sha256:...</c>.</summary>
    private static string NameOf(string image)
    {
        var name = image.Split('@')[0];
        name = name[(name.LastIndexOf('/') + 1)..];
        return name.Split(':')[0];
    }
}
