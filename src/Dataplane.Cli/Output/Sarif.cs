using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;
namespace Dataplane.Cli.Output;

/// <summary>SARIF 2.1.0 (OASIS), limited to the fields that code scanning reads.</summary>
internal sealed record SarifLog(
    [property: JsonPropertyName("$schema")] string Schema, string Version, IReadOnlyList<SarifRun> Runs)
{
    public static SarifLog Of(IReadOnlyList<Diagnostic> diagnostics)
    {
        var rules = diagnostics.Select(d => d.Code).Distinct().Order(StringComparer.Ordinal).ToList();
        return new SarifLog("https://json.schemastore.org/sarif-2.1.0.json", "2.1.0",
        [
            new SarifRun(
                new SarifTool(new SarifDriver("dataplane", ProgramVersion.Text, [
                    .. rules.Select(r => new SarifRule(r))
                ])),
                "utf16CodeUnits",
                [.. diagnostics.Select(d => Result(d, rules.IndexOf(d.Code)))]),
        ]);
    }

    private static SarifResult Result(Diagnostic d, int rule)
    {
        var text = string.Join("\n", ((string?[])[d.Message, d.Note, d.Help]).Where(t => t is not null));
        var level = d.Severity switch { Severity.Error => "error", Severity.Warning => "warning", _ => "note" };
        return new SarifResult(d.Code, rule, level, new SarifMessage(text), [Location(d.Position, d.Length, null)],
            d.Related is { } related ? [Location(related.Position, related.Length, related.Label)] : null,
            new Dictionary<string, string> { ["finding/v1"] = Fingerprint(d) },
            d.Fix is null ? null : [FixOf(d, d.Fix)]);
    }

    private static SarifFix FixOf(Diagnostic d, Fix fix) => new(new SarifMessage(d.Help ?? d.Message),
    [
        new SarifChange(new SarifArtifact(Uri(d.Position.File)), [.. fix.Edits.Select(e => new SarifReplacement(
            new SarifSpan(e.Start.Line, e.Start.Column, e.End.Line, e.End.Column), new SarifMessage(e.Replacement)))]),
    ]);

    private static SarifLocation Location(SourcePosition at, int length, string? label) => new(
        new SarifPhysicalLocation(
            new SarifArtifact(Uri(at.File)), new SarifRegion(at.Line, at.Column, at.Column + Math.Max(1, length))),
        label is null ? null : new SarifMessage(label));

    /// <summary>
    /// artifactLocation.uri is a URI reference: relative paths stay relative, and characters that URIs reserve are
    /// escaped.
    /// </summary>
    private static string Uri(string file) =>
        Path.IsPathRooted(file)
            ? new Uri(file).AbsoluteUri
            : string.Join('/', file.Split('/').Select(System.Uri.EscapeDataString));

    /// <summary>A fingerprint that does not depend on the line number.</summary>
    private static string Fingerprint(Diagnostic d) =>
        Convert.ToHexStringLower(SHA256.HashData(
            Encoding.UTF8.GetBytes($"{d.Code}\n{d.Position.File}\n{d.Message}")))[..16];
}

internal sealed record SarifRun(SarifTool Tool, string ColumnKind, IReadOnlyList<SarifResult> Results);
internal sealed record SarifTool(SarifDriver Driver);
internal sealed record SarifDriver(string Name, string SemanticVersion, IReadOnlyList<SarifRule> Rules);
internal sealed record SarifRule(string Id);
internal sealed record SarifResult(
    string RuleId, int RuleIndex, string Level, SarifMessage Message, IReadOnlyList<SarifLocation> Locations,
    IReadOnlyList<SarifLocation>? RelatedLocations, IReadOnlyDictionary<string, string> PartialFingerprints,
    IReadOnlyList<SarifFix>? Fixes);
internal sealed record SarifFix(SarifMessage Description, IReadOnlyList<SarifChange> ArtifactChanges);
internal sealed record SarifChange(SarifArtifact ArtifactLocation, IReadOnlyList<SarifReplacement> Replacements);
internal sealed record SarifReplacement(SarifSpan DeletedRegion, SarifMessage InsertedContent);
internal sealed record SarifSpan(int StartLine, int StartColumn, int EndLine, int EndColumn);
internal sealed record SarifLocation(SarifPhysicalLocation PhysicalLocation, SarifMessage? Message);
internal sealed record SarifPhysicalLocation(SarifArtifact ArtifactLocation, SarifRegion Region);
internal sealed record SarifArtifact(string Uri);
internal sealed record SarifRegion(int StartLine, int StartColumn, int EndColumn);
internal sealed record SarifMessage(string Text);
