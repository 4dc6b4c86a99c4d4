using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Fields;

/// <summary>The annotation that gives a pod a network namespace that exists already.</summary>
internal static class NetnsAnnotation
{
    private const string Key = "dataplane/netns";
    private const int MaxName = 255; // NAME_MAX, linux/limits.h

    /// <summary>Null where there is none, or, reported, where the pod cannot have one.</summary>
    public static string? Read(MappingReader pod, bool hostNetwork)
    {
        if (MetadataReader.Annotation(pod, Key) is not { } field)
        {
            return null;
        }
        var name = ((YamlScalar)field.Node).Value;
        if (hostNetwork)
        {
            field.Error(Codes.InvalidValue,
                $"{field.Path} is not allowed: a hostNetwork pod is in the node's namespace",
                help: "remove the line, or hostNetwork");
            return null;
        }
        if (name.Length is 0 or > MaxName || name is "." or ".." || name.AsSpan().ContainsAny('/', '\0')
            || name.Any(char.IsControl))
        {
            field.Error(Codes.InvalidValue, $"{Quote.Of(name)} cannot name a network namespace",
                "one file below /run/netns", help: "write the name that `ip netns list` prints");
            return null;
        }
        return name;
    }

    /// <summary>Reports the annotation in a template: a namespace can be one pod's only.</summary>
    public static void Refuse(MappingReader template)
    {
        if (MetadataReader.Annotation(template, Key) is { } field)
        {
            field.Error(Codes.InvalidValue,
                $"{field.Path} is not allowed in a template: two pods cannot share a network namespace",
                help: "write the pod by itself");
        }
    }
}
