using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Containers;

/// <summary>core/v1 ResourceRequirements.</summary>
internal static class LimitsReader
{
    public static ContainerLimits Read(MappingReader container)
    {
        if (container.Field("resources")?.Mapping(ContainerFields.Resources) is not { } resources)
        {
            return ContainerLimits.None;
        }
        var limits = Amounts(resources, "limits");
        foreach (var (name, (amount, at)) in Amounts(resources, "requests"))
        {
            if (limits.TryGetValue(name, out var limit) && amount > limit.Amount)
            {
                at.Bag.Add(new Diagnostic(Codes.InvalidValue, Severity.Error,
                    $"{at.Path}: {Scalars.Text(amount)} is more than the limit of {name}, {Scalars.Text(limit.Amount)}",
                    at.Position, at.Length, "more than the limit", "the API server refuses the object")
                { Related = new RelatedPlace(limit.At.Position, limit.At.Length, "the limit") });
            }
        }
        var (memory, processors) = (Of("memory", 1), Of("cpu", 1000));
        return memory is null && processors is null ? ContainerLimits.None : new ContainerLimits(memory, processors);

        // An amount between two whole numbers is the next one, as the API server rounds.
        long? Of(string name, int factor) => limits.TryGetValue(name, out var limit) && limit.Amount > 0
            ? (long)Math.Min(Math.Ceiling(limit.Amount * factor), long.MaxValue) : null;
    }

    private static Dictionary<string, (decimal Amount, NodeReader At)> Amounts(MappingReader resources, string field)
    {
        var found = new Dictionary<string, (decimal, NodeReader)>();
        if (resources.Field(field) is not { } at)
        {
            return found;
        }
        if (at.Node is not YamlMapping map)
        {
            WrongShapes.NotAMapping(at, "a mapping of amounts", null, "write `cpu:` and `memory:` under it");
            return found;
        }
        foreach (var entry in map.Entries)
        {
            var value = at.Child(entry.Value, at.Path.Field(entry.Key.Value));
            if (value.Node is not YamlScalar { Kind: not (ScalarKind.Null or ScalarKind.Boolean) } scalar)
            {
                value.WrongType("an amount, such as 2, 0.5, 250m or 128Mi");
            }
            else if ((Quantities.Parse(scalar.Value, out var amount) ?? (amount < 0 ? "negative" : null)) is { } wrong)
            {
                value.Error(Codes.InvalidValue, $"{value.Path}: {Quote.Of(scalar.Value)} is not an amount", wrong);
            }
            else
            {
                found[entry.Key.Value] = (amount, value);
            }
        }
        return found;
    }
}
