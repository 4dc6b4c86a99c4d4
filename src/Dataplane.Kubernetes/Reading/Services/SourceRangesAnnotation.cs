using System.Net;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Services;

/// <summary>
/// The older way to say <c>loadBalancerSourceRanges</c>. The API server checks it, and who provides load balancers (in
/// a cluster the cloud, here this program) follows it where the field says nothing.
/// </summary>
internal static class SourceRangesAnnotation
{
    private const string Key = "service.beta.kubernetes.io/load-balancer-source-ranges";

    /// <param name="isBalanced">The Service is of type LoadBalancer; no other can have it.</param>
    public static IReadOnlyList<IPNetwork> Read(MappingReader service, bool isBalanced)
    {
        if (MetadataReader.Annotation(service, Key) is not { } at || ((YamlScalar)at.Node).Value.Trim() is not
            { Length: > 0 } text)
        {
            return [];
        }
        if (!isBalanced)
        {
            at.Error(Codes.InvalidValue, $"annotation {Key} is only for type LoadBalancer", "not for this Service",
                help: "remove it, or change `type`");
            return [];
        }
        var ranges = new List<IPNetwork>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (Addresses.ParseCidr(part, out var network) is { } wrong)
            {
                at.Error(Codes.InvalidIpBlock, $"{Quote.Of(part)} is not a network", wrong,
                    help: "write networks with commas between, as in `10.0.0.0/8,192.168.5.0/24`");
                continue;
            }
            ranges.Add(network);
        }
        return ranges;
    }
}
