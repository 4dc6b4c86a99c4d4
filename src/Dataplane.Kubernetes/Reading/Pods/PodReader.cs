using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Containers;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Pods;

/// <summary>
/// core/v1 Pod. What the network needs and what runs is validated; volumes and the like are accepted as they are.
/// </summary>
internal static class PodReader
{
    private static readonly string[] ConditionWords = ["True", "False", "Unknown"];

    public static PodObject? Read(MappingReader obj)
    {
        var metadata = MetadataReader.Read(obj, ObjectKinds.Pod, Names.Subdomain);
        var at = obj.Required("spec")?.Mapping(PodFields.Spec);
        var spec = ReadSpec(at);
        var status = obj.Field("status")?.Mapping(PodFields.Status);
        var ended = status?.Field("phase")?.String() is ("Succeeded" or "Failed") and var phase ? phase : null;
        var addresses = status is null ? [] : ReadAddresses(status, ended is not null);
        var isReady = ReadReady(status);
        var netns = NetnsAnnotation.Read(obj, spec.HostNetwork);
        return metadata is null
            ? null : new PodObject(metadata.Namespace, metadata.Name, metadata.Labels, spec.Ports,
            spec.HostNetwork, addresses, obj.Position)
        {
            NetnsName = netns,
            Owner = metadata.Owner,
            EndedPhase = ended,
            IsReady = isReady,
            IsTerminating = metadata.IsTerminating,
            HostName = spec.HostName,
            Subdomain = spec.Subdomain,
            Dns = spec.Dns,
            Host = spec.Host,
            HostPorts = spec.HostPorts,
            Programs = spec.Programs,
            NodeName = at?.Filled("nodeName")?.String(),
        };
    }

    /// <param name="spec">Null: there is none, as was reported.</param>
    public static PodSpec ReadSpec(MappingReader? spec)
    {
        if (spec is null)
        {
            return PodSpec.Empty;
        }
        var hostNetwork = (spec.Field("hostNetwork") is { } h ? h.Boolean() : false) ?? false;
        var ports = new DeclaredPorts(hostNetwork);
        var programs = ReadContainers(spec, ports);
        return new PodSpec(hostNetwork, ports.Containers, NameOf(spec, "hostname", "host"),
            NameOf(spec, "subdomain", "subdomain"))
        {
            Dns = PodDnsReader.Read(spec),
            Host = PodHostReader.Read(spec, hostNetwork),
            HostPorts = ports.Node,
            Programs = programs,
        };
    }

    /// <summary>
    /// What status says about the condition Ready. Without a word the pod is ready: no kubelet is there to say it.
    /// </summary>
    private static bool ReadReady(MappingReader? status)
    {
        var isReady = true;
        foreach (var item in status?.Items("conditions") ?? [])
        {
            if (item.Mapping(PodFields.Condition) is { } condition && condition.Field("type")?.String() == "Ready"
                && condition.Required("status") is { } word)
            {
                isReady = Words.Read(word, ConditionWords) is null or "True";
            }
        }
        return isReady;
    }

    private static string? NameOf(MappingReader spec, string field, string what) =>
        spec.Filled(field) is { } at && at.String() is { } name && MetadataReader.CheckName(at, name, what, Names.Label)
            ? name : null;

    private static PodPrograms ReadContainers(MappingReader spec, DeclaredPorts ports)
    {
        var (programs, names) = (new ProgramsReader(spec), new HashSet<string>());
        if (spec.Required("containers", "a pod has at least one container") is { } containers)
        {
            var items = containers.Items();
            if (items.Count == 0 && containers.Node is YamlSequence)
            {
                containers.Error(Codes.MissingField, $"{containers.Path} is empty", "a pod has at least one container");
            }
            foreach (var item in items)
            {
                if (ReadContainer(item, PodFields.Container, names, ports, keepPorts: true) is { } container)
                {
                    programs.Add(container.Fields, container.Name, container.Ports, isInit: false);
                }
            }
        }
        foreach (var item in spec.Items("initContainers"))
        {
            if (ReadContainer(item, PodFields.Container, names, ports, keepPorts: false) is { } container)
            {
                programs.Add(container.Fields, container.Name, container.Ports, isInit: true);
            }
        }
        foreach (var item in spec.Items("ephemeralContainers"))
        {
            _ = ReadContainer(item, PodFields.EphemeralContainer, names, ports, keepPorts: false);
        }
        return programs.Finish();
    }

    /// <param name="keepPorts">False for init containers: their ports count only where they stay as sidecars
    /// (restartPolicy: Always).</param>
    /// <returns>The name is empty, as was reported, where the container has none.</returns>
    private static (MappingReader Fields, string Name, IReadOnlyList<DeclaredPort> Ports)? ReadContainer(NodeReader at,
        FieldTable table, HashSet<string> names, DeclaredPorts ports, bool keepPorts)
    {
        if (at.Mapping(table) is not { } container)
        {
            return null;
        }
        var name = "";
        if (container.Required("name") is { } nameField && nameField.String() is { } text
            && MetadataReader.CheckName(nameField, text, "container", Names.Label))
        {
            name = text;
            if (!names.Add(text))
            {
                nameField.Error(Codes.DuplicateName, $"the pod has two containers named {Quote.Of(text)}",
                    "again here");
            }
        }
        var stays = keepPorts || (container.Field("restartPolicy") is { } policy && policy.String() == "Always");
        var portNames = new Dictionary<string, SourcePosition>();
        return (container, name,
            [.. container.Items("ports").Select(p => ports.Read(p, portNames, stays)).OfType<DeclaredPort>()]);
    }

    /// <summary>
    /// status.podIPs, then status.podIP. A pod that has ended keeps its address in its status but no longer owns it.
    /// </summary>
    private static List<IPAddress> ReadAddresses(MappingReader status, bool hasEnded)
    {
        var addresses = new List<IPAddress>();
        foreach (var item in status.Items("podIPs"))
        {
            if (item.Mapping(PodFields.PodIp)?.Required("ip") is { } ip)
            {
                Add(ip, addresses);
            }
        }
        if (status.Field("podIP") is { } single)
        {
            Add(single, addresses);
        }
        return hasEnded ? [] : addresses;
    }

    private static void Add(NodeReader at, List<IPAddress> addresses)
    {
        if (at.String() is not { } text || text.Length == 0)
        {
            return;
        }
        if (HostAddresses.Read(at, text, "an address a pod can have") is not { } address
            || addresses.Contains(address))
        {
            return;
        }
        if (addresses.Find(a => a.AddressFamily == address.AddressFamily) is { } other)
        {
            at.Error(Codes.InvalidAddress,
                $"{at.Path}: a second {(address.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6")} "
                + $"address beside {other}",
                "a pod has at most one per family");
            return;
        }
        addresses.Add(address);
    }
}
