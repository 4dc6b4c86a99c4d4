using System.Reflection;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Planning;
using Dataplane.Policy.Warnings;

namespace Dataplane.Cli.Diagnostics;

/// <summary>The codes of all diagnostics about manifests.</summary>
internal static class KnownCodes
{
    /// <summary>In order: addresses, objects, semantics, YAML.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. ((Type[])[typeof(Codes), typeof(AddressCodes), typeof(SemanticCodes)])
            .SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Where(f => f.IsLiteral)
            .Select(f => (string)f.GetRawConstantValue()!)
            .Order(StringComparer.Ordinal),
    ];
}
