using System.Text.Json.Serialization;

namespace Dataplane.Cli;

/// <summary>What <c>why -o json</c> prints for one flow.</summary>
/// <param name="Port">0 for ICMP.</param>
/// <param name="Families">Every family this answer holds for; <paramref name="Family"/> is the first.</param>
internal sealed record WhyDocument(
    string From, string To, string Protocol, int Port, string Family, IReadOnlyList<string> Families, string Verdict, IReadOnlyList<SideDocument> Sides);

/// <param name="Nearest">Of a denied side only.</param>
internal sealed record SideDocument(
    string Side, string Verdict, string Basis, IReadOnlyList<PolicyDocument> IsolatedBy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] RuleDocument? DecidedBy, IReadOnlyList<NearDocument>? Nearest);

internal sealed record PolicyDocument(string Kind, string Name, string File, int Line);

/// <param name="Rule">Its place in the list of <paramref name="Direction"/>, from 0.</param>
internal sealed record RuleDocument(string Kind, string Name, string File, int Line, string Direction, int Rule);

internal sealed record NearDocument(string Name, string File, int Line, string Failed);

/// <summary>What <c>verify -o json</c> prints.</summary>
/// <param name="Control">Why nothing here can be trusted; left out where the controls stood.</param>
internal sealed record VerifyDocument(IReadOnlyList<FlowDocument> Flows, SummaryDocument Summary, TimingsDocument Timings, string? Control);

/// <param name="Port">0 for ICMP.</param>
internal sealed record FlowDocument(
    string From, string To, string Protocol, int Port, string Family, string Expected, string Measured, string Evidence, string Reason);

internal sealed record SummaryDocument(int Flows, int Agree, int Disagree, int Undecided, long Milliseconds);

/// <summary>Milliseconds of each part.</summary>
internal sealed record TimingsDocument(double Attach, double Program, double Probe);

/// <summary>What <c>validate -o json</c> prints.</summary>
internal sealed record ValidateDocument(IReadOnlyList<DiagnosticDocument> Diagnostics, int Errors, int Warnings);

internal sealed record DiagnosticDocument(string Code, string Severity, string Message, string File, int Line, int Column, string? Help, string? Note);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WhyDocument))]
[JsonSerializable(typeof(IReadOnlyList<WhyDocument>))]
[JsonSerializable(typeof(VerifyDocument))]
[JsonSerializable(typeof(ValidateDocument))]
[JsonSerializable(typeof(SarifLog))]
internal sealed partial class Documents : JsonSerializerContext;
