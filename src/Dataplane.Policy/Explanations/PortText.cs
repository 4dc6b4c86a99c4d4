using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Explanations;

/// <summary>Items of <c>ports</c> as people read them: <c>TCP 80</c>, <c>TCP 8000-9000</c>, <c>UDP dns</c>, <c>SCTP</c> (all of it).</summary>
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

    /// <summary>As <see cref="Text"/>, and for a named port what its name stands for at this destination.</summary>
    internal static string Of(NetworkPolicyPort port, Flow flow)
    {
        if (port.Name is null)
        {
            return port.Text();
        }
        var numbers = RuleMatching.NamedPorts(port, flow.To).ToList();
        return numbers.Count == 0
            ? $"{port.Text()} (not declared by {flow.To.Name})"
            : $"{port.Text()} ({string.Join(", ", numbers)} of {flow.To.Name})";
    }
}
