using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Containers;

/// <summary>core/v1 EnvVar.</summary>
internal static class EnvironmentReader
{
    private static readonly string[] Sources =
        ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

    private static readonly Dictionary<string, PodField> Fields = new()
    {
        ["metadata.name"] = PodField.Name,
        ["metadata.namespace"] = PodField.Namespace,
        ["status.podIP"] = PodField.PodAddress,
        ["status.podIPs"] = PodField.PodAddresses,
        ["status.hostIP"] = PodField.HostAddress,
        ["status.hostIPs"] = PodField.HostAddresses,
        ["spec.nodeName"] = PodField.NodeName,
    };

    /// <summary>Fields that the API server takes and nobody here knows a value of.</summary>
    private static readonly string[] WithoutValue =
        ["metadata.uid", "metadata.generation", "spec.serviceAccountName"];

    public static EqualList<EnvironmentVariable> Read(MappingReader container, UndoneParts undone)
    {
        if (container.Field("envFrom") is { } from && from.Items().Count > 0)
        {
            undone.Add(container.Key("envFrom"), "envFrom");
        }
        var items = container.Items("env");
        return items.Count == 0 ? EqualList<EnvironmentVariable>.None
            : new([.. items.Select(i => One(i, undone)).OfType<EnvironmentVariable>()]);
    }

    private static EnvironmentVariable? One(NodeReader at, UndoneParts undone)
    {
        if (at.Mapping(ContainerFields.Variable) is not { } variable
            || variable.Required("name") is not { } field || field.String() is not { } name
            || !MetadataReader.CheckName(field, name, "variable", Names.EnvironmentName))
        {
            return null;
        }
        name = SharedStrings.Of(name);
        var value = variable.Field("value");
        if (variable.Field("valueFrom") is not { } from)
        {
            return value is not { } text ? new EnvironmentVariable(name, "")
                : text.String() is { } words ? new EnvironmentVariable(name, words) : null;
        }
        if (value is { Node: not YamlScalar { Kind: ScalarKind.String, Value: "" } })
        {
            variable.Key("valueFrom").Error(Codes.NotExactlyOne, $"{at.Path} has more than one of value, valueFrom",
                "beside `value`");
            return null;
        }
        return from.Mapping(ContainerFields.VariableSource) is { } source ? OfSource(name, source, undone) : null;
    }

    private static EnvironmentVariable? OfSource(string name, MappingReader source, UndoneParts undone)
    {
        switch (Sources.Where(s => source.Field(s) is not null).ToList())
        {
            case ["fieldRef"]:
                return OfField(name, source.Field("fieldRef")!.Value, undone);
            case [var other]:
                undone.Add(source.Key(other), $"env[].valueFrom.{other}");
                return null;
            case []:
                source.Self.Error(Codes.NotExactlyOne, $"{source.Self.Path} needs one of {string.Join(", ", Sources)}",
                    "nothing is given");
                return null;
            case var several:
                source.Key(several[1]).Error(Codes.NotExactlyOne,
                    $"{source.Self.Path} has more than one of {string.Join(", ", several)}", "one too many");
                return null;
        }
    }

    private static EnvironmentVariable? OfField(string name, NodeReader at, UndoneParts undone)
    {
        if (at.Mapping(ContainerFields.FieldSelector)?.Required("fieldPath") is not { } field
            || field.String() is not { } path)
        {
            return null;
        }
        if (Fields.TryGetValue(path, out var known))
        {
            return new EnvironmentVariable(name, "", known);
        }
        if (KeyOf(path, "metadata.labels") is { } label && Names.QualifiedName(label) is null)
        {
            return new EnvironmentVariable(name, SharedStrings.Of(label), PodField.Label);
        }
        if (WithoutValue.Contains(path)
            || (KeyOf(path, "metadata.annotations") is { } key && Names.QualifiedName(key.ToLowerInvariant()) is null))
        {
            undone.Add(field, $"fieldRef {path}");
            return null;
        }
        var better = Suggest.Nearest(path, Fields.Keys);
        field.Error(Codes.NotOneOf, $"{Quote.Of(path)} is not a field that a variable can be taken from",
            "no such field", "there are metadata.labels['KEY'], metadata.annotations['KEY'], metadata.uid, "
                + $"spec.serviceAccountName, {string.Join(", ", Fields.Keys)}",
            better is null ? null : $"did you mean {Quote.Of(better)}?",
            better is null ? null : field.Replaced(better));
        return null;
    }

    /// <summary>What stands between <c>['</c> and <c>']</c>; null for another path.</summary>
    private static string? KeyOf(string path, string field) =>
        path.StartsWith(field + "['", StringComparison.Ordinal) && path.EndsWith("']", StringComparison.Ordinal)
            ? path[(field.Length + 2)..^2] : null;
}
