using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Selectors;

/// <summary>
/// Items of <c>ports</c> as people read them: <c>TCP 80</c>, <c>TCP 8000-9000</c>, <c>UDP dns</c>, <c>SCTP</c> (all of
/// it).
/// </summary>
public static class PortText
{
    public static string Text(this NetworkPolicyPort port)
    {
        var protocol = port.Protocol.ToFlowProtocol().Text();
        return port switch
        {
            { Name: { } name } => $"{protocol} {name}",
            { Port: null } => protocol,
            { EndPort: { } last } when last != port.Port => $"{protocol} {port.Port}-{last}",
            _ => $"{protocol} {port.Port}",
        };
    }
}
