using System.Net;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Reading.Policies;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Services;

/// <summary>core/v1 Service, with the defaults and the validation of the API server (ValidateService).</summary>
internal static class ServiceReader
{
    private const int MaxAffinitySeconds = 86400;

    private static readonly string[] Types = Enum.GetNames<ServiceType>();
    private static readonly string[] Modes = ["VIP", "Proxy"];
    private static readonly string[] Affinities = ["None", "ClientIP"];

    public static ServiceObject? Read(MappingReader obj)
    {
        var metadata = MetadataReader.Read(obj, ObjectKinds.Service, Names.ServiceName);
        if (obj.Required("spec")?.Mapping(ServiceFields.Spec) is not { } spec)
        {
            return null;
        }
        var type = spec.Filled("type") is { } field && Words.Read(field, Types) is { } word
            ? Enum.Parse<ServiceType>(word) : ServiceType.ClusterIP;
        var addresses = ServiceAddresses.Read(spec, type);
        var status = LoadBalancer(obj);
        var name = ExternalName(spec, type);
        var labels = spec.Field("selector") is { } selector ? Selector(selector) : [];
        var service = new ServiceObject(metadata?.Namespace ?? "", metadata?.Name ?? "", metadata?.Labels
            ?? LabelMap.Empty, obj.Position)
        {
            Type = type,
            Owner = metadata?.Owner,
            Selector = LabelMap.Of([.. labels.Select(l => KeyValuePair.Create(l.Key, l.Values[0]))]),
            Requirements = labels,
            Ports = ServicePorts.Read(spec, type, addresses.IsHeadless),
            IsHeadless = addresses.IsHeadless,
            Addresses = addresses.Requested,
            AddressPosition = (spec.Field("clusterIP") ?? spec.Field("clusterIPs"))?.Position,
            Families = addresses.Families,
            FamilyPolicy = addresses.Policy,
            ExternalName = name,
            ExternalAddresses = [.. spec.Items("externalIPs").Select(ServiceAddresses.OfElsewhere).OfType<IPAddress>()],
            AffinitySeconds = Affinity(spec),
            PublishesNotReady = Flag(spec, "publishNotReadyAddresses") ?? false,
            InternalPolicy = Policy(spec, "internalTrafficPolicy") ?? TrafficPolicy.Cluster,
            LoadBalancerAddresses = status,
        };
        Topology.CheckService(obj, spec);
        service = WithOutside(service, obj, spec);
        return metadata is null ? null : service;
    }

    /// <summary>Labels alone: it has no expressions, and no <c>matchLabels</c> around them.</summary>
    private static List<SelectorRequirement> Selector(NodeReader at)
    {
        if (at.Node is YamlMapping map && map.Entries.Where(e => e.Value is YamlMapping or YamlSequence)
            .Select(e => e.Key).FirstOrDefault(k => k.Value is "matchLabels" or "matchExpressions") is { } wrong)
        {
            var isLabels = wrong.Value == "matchLabels";
            at.Child(wrong, at.Path).Error(Codes.InvalidSelector,
                $"the selector of a Service has no `{wrong.Value}`", "labels stand in it directly",
                help: isLabels ? "write the labels directly under `selector:`"
                    : "write one label for each expression with one value; a Service knows no others");
            return [];
        }
        return [.. Labels.Entries(at).Select(l => new SelectorRequirement(SharedStrings.Of(l.Key), SelectorOperator.In,
            [SharedStrings.Of(l.Value)], l.Position))];
    }

    /// <summary>What concerns packets from outside the cluster, and is for some types only.</summary>
    private static ServiceObject WithOutside(ServiceObject service, MappingReader obj, MappingReader spec)
    {
        var isBalanced = service.Type == ServiceType.LoadBalancer;
        const string OnlyBalanced = "type LoadBalancer";
        var external = Only(spec, "externalTrafficPolicy", service.IsExternallyAccessible,
            "types NodePort and LoadBalancer, and for externalIPs") is null ? null
            : Policy(spec, "externalTrafficPolicy");
        service = service with
        {
            ExternalPolicy = external ?? TrafficPolicy.Cluster,
            AllocatesNodePorts = Only(spec, "allocateLoadBalancerNodePorts", isBalanced, OnlyBalanced) is null
                || (Flag(spec, "allocateLoadBalancerNodePorts") ?? true),
            LoadBalancerClass = Only(spec, "loadBalancerClass", isBalanced, OnlyBalanced) is { } name ? Class(name)
                : null,
            SourceRanges = Only(spec, "loadBalancerSourceRanges", isBalanced, OnlyBalanced) is { } ranges
                ? [.. ranges.Items().Select(Range).OfType<IPNetwork>()] : SourceRangesAnnotation.Read(obj, isBalanced),
            RequestedLoadBalancerAddress = spec.Filled("loadBalancerIP") is { } ip ? ServiceAddresses.OfElsewhere(ip)
                : null,
        };
        var check = Only(spec, "healthCheckNodePort", service.NeedsHealthCheck,
            "type LoadBalancer with `externalTrafficPolicy: Local`");
        return service with { HealthCheckPort = check is { } port ? ServicePorts.NodePort(port) : null };
    }

    /// <summary>The field; null where it is absent, or, reported, where the Service cannot have it.</summary>
    private static NodeReader? Only(MappingReader spec, string name, bool isAllowed, string where)
    {
        if (spec.Field(name) is not { } field || IsNothing(field))
        {
            return null;
        }
        if (isAllowed)
        {
            return field;
        }
        spec.Key(name).Error(Codes.InvalidValue, $"{field.Path} is only for {where}", "not for this Service",
            help: "remove it, or change `type`", fix: FieldMoves.Without(spec, name));
        return null;
    }

    /// <summary>What the API server reads as if it were absent.</summary>
    private static bool IsNothing(NodeReader field) =>
        field.Node is YamlScalar { Kind: ScalarKind.String, Value: "" }
            or YamlScalar { Kind: ScalarKind.Integer, Value: "0" } or YamlSequence { Items.Count: 0 };

    private static bool? Flag(MappingReader spec, string name) => spec.Field(name)?.Boolean();

    private static TrafficPolicy? Policy(MappingReader spec, string name) =>
        spec.Filled(name) is { } field && Words.Read(field, Enum.GetNames<TrafficPolicy>()) is { } word
            ? Enum.Parse<TrafficPolicy>(word) : null;

    /// <summary>A range of clients, which may have blanks around it for historical reasons.</summary>
    private static IPNetwork? Range(NodeReader at) =>
        at.Node is YamlScalar { Kind: ScalarKind.String } text
            && Addresses.ParseCidr(text.Value.Trim(), out var network) is null ? network : IpBlockReader.ReadItem(at);

    private static string? Class(NodeReader field)
    {
        if (field.String() is not { } name)
        {
            return null;
        }
        if (Names.QualifiedName(name) is { } wrong)
        {
            field.Error(Codes.InvalidName, $"{Quote.Of(name)} is not a valid class of load balancers", wrong);
            return null;
        }
        return name;
    }

    private static string? ExternalName(MappingReader spec, ServiceType type)
    {
        if (type != ServiceType.ExternalName)
        {
            _ = spec.Field("externalName")?.String();
            return null;
        }
        if (spec.Required("externalName", "write the name that the Service stands for") is not { } field
            || field.String() is not { } text)
        {
            return null;
        }
        var name = text.EndsWith('.') ? text[..^1] : text;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Host.Length > 0
            && Names.Subdomain(url.Host) is null)
        {
            field.Error(Codes.InvalidName, $"{Quote.Of(text)} is not a valid domain name", "a URL",
                help: $"write the name alone: {Quote.Of(url.Host)}", fix: field.Replaced(url.Host));
            return null;
        }
        if (Addresses.Parse(name, out _) is null)
        {
            Warn(field, $"{Quote.Of(name)} is an address, and an ExternalName is a name: resolvers look for a host "
                + "that is called so", "an address",
                "write a Service without a selector, and Endpoints with the address");
        }
        if (spec.Field("selector") is { Node: YamlMapping { Entries.Count: > 0 } })
        {
            Warn(spec.Key("selector"), $"{spec.Self.Path.Field("selector")} is not looked at: the Service is an alias "
                + $"of {Quote.Of(name)}", "of an ExternalName", "remove it, or write another `type`");
        }
        return MetadataReader.CheckName(field, name, "domain", Names.Subdomain) ? name : null;
    }

    private static void Warn(NodeReader at, string message, string label, string help) => at.Bag.Add(new Diagnostic(
        Codes.InvalidValue, Severity.Warning, message, at.Position, at.Length, label, Help: help));

    private static int? Affinity(MappingReader spec)
    {
        var word = spec.Filled("sessionAffinity") is { } field ? Words.Read(field, Affinities) : null;
        var seconds = ServiceObject.DefaultAffinitySeconds;
        // With affinity None the API server drops the rest.
        if (spec.Field("sessionAffinityConfig")?.Mapping(ServiceFields.Affinity)?.Field("clientIP")?
            .Mapping(ServiceFields.ClientIp)?.Field("timeoutSeconds") is { } timeout && timeout.Integer() is { } given)
        {
            if (given is < 1 or > MaxAffinitySeconds)
            {
                timeout.Error(Codes.InvalidValue, $"{timeout.Path}: {given} is not 1 to {MaxAffinitySeconds} seconds",
                    "at most a day");
            }
            seconds = (int)Math.Clamp(given, 1, MaxAffinitySeconds);
        }
        return word == "ClientIP" ? seconds : null;
    }

    private static void CheckIngress(MappingReader ingress)
    {
        if (ingress.Filled("hostname") is { } host && host.String() is { } name)
        {
            if (Addresses.Parse(name, out _) is null)
            {
                host.Error(Codes.InvalidName, $"{Quote.Of(name)} is not a valid host name", "an address",
                    help: "write it as `ip`");
            }
            else
            {
                MetadataReader.CheckName(host, name, "host", Names.Subdomain);
            }
        }
        if (ingress.Filled("ipMode") is not null && ingress.Filled("ip") is null)
        {
            ingress.Key("ipMode").Error(Codes.InvalidValue, $"{ingress.Self.Path.Field("ipMode")} is only beside `ip`",
                "without an address", help: "remove it", fix: FieldMoves.Without(ingress, "ipMode"));
        }
    }

    /// <summary>Addresses of load balancers that hand packets on unchanged; others translate them themselves.</summary>
    private static List<IPAddress> LoadBalancer(MappingReader obj)
    {
        var found = new List<IPAddress>();
        var status = obj.Field("status")?.Mapping(ServiceFields.Status)?.Field("loadBalancer")?
            .Mapping(ServiceFields.LoadBalancerStatus);
        foreach (var item in status?.Items("ingress") ?? [])
        {
            if (item.Mapping(ServiceFields.LoadBalancerIngress) is not { } ingress)
            {
                continue;
            }
            CheckIngress(ingress);
            if (ingress.Filled("ip") is { } ip && ServiceAddresses.OfElsewhere(ip) is { } address
                && (ingress.Filled("ipMode") is not { } mode || Words.Read(mode, Modes) == Modes[0]))
            {
                found.Add(address);
            }
        }
        return found;
    }
}
