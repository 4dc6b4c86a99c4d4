using System.Globalization;
using System.Net;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Warnings;

/// <summary>
/// S019: a policy names the port or the address of a Service. Policies judge packets behind the Service, which has put
/// the address and the port of a pod in their place.
/// </summary>
internal static class ServicePorts
{
    /// <summary>Of addresses of a range of Services: the API server takes no more.</summary>
    private const int MaxRangeBits = 20;

    private const string Behind = "a policy judges the packet behind the Service, with the address and port of the pod";

    public static IEnumerable<Diagnostic> Find(Scene scene)
    {
        if (scene.Cluster.Services.Count == 0)
        {
            yield break;
        }
        // A Service selects pods of its own namespace.
        var services = scene.Cluster.Services.Select(s => s.Object).ToLookup(s => s.Namespace);
        foreach (var policy in scene.Cluster.NetworkPolicies)
        {
            foreach (var direction in Scene.Directions)
            {
                foreach (var rule in policy.Rules(direction))
                {
                    foreach (var found in OfRule(scene, services, policy, direction, rule))
                    {
                        yield return found;
                    }
                }
            }
        }
    }

    private static IEnumerable<Diagnostic> OfRule(Scene scene, ILookup<string, ServiceObject> services,
        NetworkPolicyObject policy, Direction direction, NetworkPolicyRule rule)
    {
        List<PodObject> pods = [.. scene.PodsOf(Destinations(scene, policy, direction, rule))];
        foreach (var port in rule.Ports)
        {
            if (port is { Name: null, Port: { } number, EndPort: null }
                && !pods.Exists(p => p.Ports.Any(d => d.Protocol == port.Protocol && d.Port == number))
                && Mapping(services, pods, port.Protocol, number) is var (service, target))
            {
                yield return OfPort(scene, port, service, target);
            }
        }
        foreach (var peer in direction == Direction.Egress ? rule.Peers : [])
        {
            if (peer.IpBlock is { } block && At(scene, block) is { } at)
            {
                yield return OfAddress(scene, policy, peer, block, at);
            }
        }
    }

    /// <summary>
    /// The first Service whose ClusterIP is in the block, where nobody else that is known is: no pod, and the block is
    /// no wider than the ranges of Services can be.
    /// </summary>
    private static ServiceObject? At(Scene scene, IpBlock block)
    {
        var family = block.Cidr.BaseAddress.AddressFamily;
        return family.Bits() - block.Cidr.PrefixLength > MaxRangeBits
            || scene.Cluster.Pods.Any(pod => Has(pod.Address(family))) || Has(scene.Cluster.Node.AddressIn(family))
            ? null : scene.Cluster.Services.FirstOrDefault(s => Has(s.Addresses[family]))?.Object;

        bool Has(IPAddress? address) => address is not null && block.Cidr.Contains(address)
            && !block.Except.Any(except => except.Contains(address));
    }

    /// <summary>The pods whose ports the rule is about; of egress, those that its selectors find.</summary>
    private static AddressSet Destinations(Scene scene, NetworkPolicyObject policy, Direction direction,
        NetworkPolicyRule rule) => direction == Direction.Ingress ? scene.Subjects(policy)
        : rule.Peers.Aggregate(scene.Space.Nothing, (set, peer) => set.UnionWith(scene.PodsOf(policy, peer)));

    /// <summary>A Service of some of the pods that has the port and leads it to another.</summary>
    private static (ServiceObject, string)? Mapping(ILookup<string, ServiceObject> services, List<PodObject> pods,
        TransportProtocol protocol, ushort number)
    {
        foreach (var service in pods.Select(p => p.Namespace).Distinct().SelectMany(name => services[name]))
        {
            if (service.Ports.FirstOrDefault(p => p.Port == number && p.Protocol == protocol) is { } port
                && port.Target != number.ToString(CultureInfo.InvariantCulture) && pods.Exists(service.Selects))
            {
                return (service, port.Target);
            }
        }
        return null;
    }

    private static Diagnostic OfPort(Scene scene, NetworkPolicyPort port, ServiceObject service, string target)
    {
        var text = scene.Text(port.Position);
        var inFlow = port.Places is { } places && text?.IsFlow(places.Item) is true;
        return Scene.Warning(SemanticCodes.ServicePort,
            $"no selected pod listens on {port.Text()}; Service `{service.FullName}` maps it to {target}",
            port.Places?.Value ?? port.Position, $"{port.Port}".Length, "the port of the Service", Behind,
            $"write `port: {target}`") with
        {
            Fix = text is null || port.Places is not { Value: var value } ? null
                : new Fix(new TextEdit(value, text.End(value, inFlow), target)),
        };
    }

    private static Diagnostic OfAddress(Scene scene, NetworkPolicyObject policy, NetworkPolicyPeer peer, IpBlock block,
        ServiceObject service)
    {
        if (block.Cidr.PrefixLength < block.Cidr.BaseAddress.AddressFamily.Bits())
        {
            return Scene.Warning(SemanticCodes.ServicePort,
                $"ipBlock {block.Cidr} has ClusterIPs and no pod in it, such as that of Service `{service.FullName}`",
                block.Position, "cidr".Length, "no packet has one as its destination", Behind,
                "select the pods behind the Services by their labels");
        }
        var labels = string.Join(", ", service.Selector.Select(l => $"{l.Key}: {YamlText.Word(l.Value)}"));
        var pods = $"podSelector: {{matchLabels: {{{labels}}}}}";
        var namespaces = service.Namespace == policy.Namespace ? null
            : "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: "
                + $"{YamlText.Word(service.Namespace)}}}}}";
        return Scene.Warning(SemanticCodes.ServicePort,
            $"ipBlock {block.Cidr} is the ClusterIP of Service `{service.FullName}`", block.Position, "cidr".Length,
            "no packet has it as its destination", Behind, service.Selector.Count == 0
                ? "give the addresses of the endpoints behind the Service"
                : $"select the pods behind it: `{string.Join(", ", new[] { namespaces, pods }.OfType<string>())}`") with
        {
            Fix = service.Selector.Count == 0 || scene.Text(peer.Position) is not { } text ? null
                : Selecting(text, peer, namespaces, pods),
        };
    }

    private static Fix? Selecting(YamlText text, NetworkPolicyPeer peer, string? namespaces, string pods)
    {
        if (text.IsFlow(peer.Position))
        {
            var inside = namespaces is null ? pods : $"{namespaces}, {pods}";
            return new Fix(new TextEdit(peer.Position, text.End(peer.Position, inFlow: true), $"{{{inside}}}"));
        }
        var lines = namespaces is null ? pods : $"{namespaces}\n{new string(' ', peer.Position.Column - 1)}{pods}";
        return new Fix(new TextEdit(peer.Position, text.EndOf(text.LastLine(peer.Position)), lines));
    }
}
