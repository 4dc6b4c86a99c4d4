using System.Reflection;
using Dataplane.Control.Refusals;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Planning;
using Dataplane.Policy.Warnings;

namespace Dataplane.Cli.Diagnostics;

/// <summary>The codes of all diagnostics.</summary>
internal static class KnownCodes
{
    /// <summary>In order: addresses, the daemon, objects, semantics, YAML.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. ((Type[])[typeof(Codes), typeof(AddressCodes), typeof(SemanticCodes)])
            .SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Where(f => f.IsLiteral)
            .Select(f => (string)f.GetRawConstantValue()!)
            .Append(RefusalException.TwoSources)
            .Order(StringComparer.Ordinal),
    ];
}
