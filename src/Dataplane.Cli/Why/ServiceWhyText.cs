using Dataplane.Cli.Terminal;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Cli.Why;

/// <summary>Prints what a source reaches by a Service: the way there, and both sides for each backend.</summary>
internal static class ServiceWhyText
{
    public static void Write(Printer output, Ansi colours, ServiceAnswered answer)
    {
        var reach = answer.Reach;
        output.WriteLine($"{WhyText.Verdict(answer.Outcome, colours)}   {reach.From.Name} → "
            + $"{ServiceReach.NameOf(reach.Service)}   {reach.Probe} · {Words.Families(answer.Families)}");
        foreach (var way in reach.Ways) output.WriteLine(Way(answer, way));
        if (reach.Gap is { } gap) output.WriteLine($"   {WhyText.At(gap.At)}");
        foreach (var holder in reach.Holders)
        {
            output.WriteLine($"not {holder.Kind} {holder.Address} {holder.Probe}: Service {holder.Service.Name} "
                + "claims it too, and gets its packets");
        }
        foreach (var backend in answer.Backends)
        {
            var address = backend.Target.Backend.Address.ToString();
            var at = backend.Target.Name == address ? "" : $" at {address}";
            output.WriteLine();
            output.WriteLine($"{WhyText.Verdict(backend.Allowed, colours)}   {backend.Target.Name}{at}, "
                + $"{new Probe(reach.Probe.Protocol, backend.Target.Backend.Port)}");
            if (backend.Explanation is { } explanation)
                WhyText.WriteSides(output, colours, explanation, answer.HasTiers);
            else output.WriteLine("between two machines outside: no policy applies");
        }
    }

    /// <summary>How the packet gets to a backend, or why it does not.</summary>
    private static string Way(ServiceAnswered answer, ServiceReach reach)
    {
        var service = reach.Service.Object;
        if (reach.Answer.Frontend is not { } frontend)
        {
            return reach.From is ExternalEndpoint
                ? reach.Holders.Count > 0 ? $"{service.FullName} has no address of its own for other machines"
                    : $"{service.FullName} has no such port for other machines: {service.Type}"
                : $"{service.FullName} has no port {reach.Probe}";
        }
        var at = $"{frontend.Kind} {frontend.Address} {frontend.Probe}";
        return reach.Answer.Fate switch
        {
            ServiceFate.Translated when answer.Backends.Count == 1 => $"{at}, sent to the one backend{Kept(answer)}",
            ServiceFate.Translated => $"{at}, sent to one of {answer.Backends.Count} backends{Kept(answer)}",
            ServiceFate.Dropped when frontend.Kind == FrontendKind.LoadBalancer && service.SourceRanges.Count > 0
                && !service.SourceRanges.Any(r => r.Contains(reach.From.AddressIn(reach.Family)!)) =>
                $"{at}: {reach.From.Name} is not in loadBalancerSourceRanges",
            ServiceFate.Dropped => $"{at}: no endpoint on this node, and the traffic policy is Local",
            _ => $"{at}: {reach.Gap?.Because}",
        };
    }

    private static string Kept(ServiceAnswered answer) =>
        answer.Reach.Service.Object.AffinitySeconds is { } seconds ? $", a client keeps its own for {seconds} s" : "";
}
