using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Fields;

/// <summary>The annotation that gives a pod a network namespace that exists already.</summary>
internal static class NetnsAnnotation
{
    private const string Key = "dataplane/netns";
    private const int MaxName = 255, MaxPath = 4095; // NAME_MAX, PATH_MAX less the final zero, linux/limits.h

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
        if (!IsName(name) && !IsPath(name))
        {
            field.Error(Codes.InvalidValue, $"{Quote.Of(name)} cannot name a network namespace",
                "one file below /run/netns", help: "write the name that `ip netns list` prints, or an absolute path");
            return null;
        }
        return name;
    }

    private static bool IsName(string text) => text.Length is > 0 and <= MaxName && text is not ("." or "..")
        && !text.Contains('/') && !text.Any(char.IsControl);

    private static bool IsPath(string text) =>
        text.StartsWith('/') && text.Length is > 1 and <= MaxPath && !text.Any(char.IsControl);

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
