using System.Text.Json.Serialization;

namespace Dataplane.Cli.Output;

/// <summary>What <c>why -o json</c> prints for one flow.</summary>
/// <param name="Port">0 for ICMP.</param>
/// <param name="Families">Every family this answer holds for; <paramref name="Family"/> is the first.</param>
internal sealed record WhyDocument(
    string From,
    string To,
    string Protocol,
    int Port,
    string Family,
    IReadOnlyList<string> Families,
    string Verdict,
    IReadOnlyList<SideDocument> Sides,
    IReadOnlyList<SuggestionDocument>? Suggestions);

/// <summary>Edits that together turn the verdict into <paramref name="Verdict"/>.</summary>
/// <param name="Families">Those it was checked for.</param>
internal sealed record SuggestionDocument(
    string Verdict, IReadOnlyList<string> Families, IReadOnlyList<EditDocument> Edits);

/// <param name="File">Null, as Line, for a new object.</param>
internal sealed record EditDocument(string Object, string? File, int? Line, string Edit);

/// <param name="PassedBy">The rule that ended the Admin tier without deciding.</param>
/// <param name="Nearest">Of a denied side only.</param>
internal sealed record SideDocument(
    string Side, string Verdict, string Basis, IReadOnlyList<PolicyDocument> IsolatedBy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] RuleDocument? DecidedBy,
    RuleDocument? PassedBy, IReadOnlyList<NearDocument>? Nearest);

internal sealed record PolicyDocument(string Kind, string Name, string File, int Line);

/// <param name="Rule">Its place in the list of <paramref name="Direction"/>, from 0.</param>
/// <param name="Tier">Admin or Baseline; null, as what follows, for a rule of a NetworkPolicy.</param>
/// <param name="Action">Accept, Deny or Pass.</param>
/// <param name="RuleName">Null also where the rule has no name.</param>
internal sealed record RuleDocument(
    string Kind,
    string Name,
    string File,
    int Line,
    string Direction,
    int Rule,
    string? Tier,
    string? Action,
    int? Priority,
    string? RuleName);

internal sealed record NearDocument(string Name, string File, int Line, string Failed);

/// <summary>What <c>verify -o json</c> prints.</summary>
/// <param name="Control">Why nothing here can be trusted; left out where the controls stood.</param>
/// <param name="Sample">Left out where every flow was asked for.</param>
internal sealed record VerifyDocument(
    IReadOnlyList<FlowDocument> Flows,
    SummaryDocument Summary,
    TimingsDocument Timings,
    string? Control,
    SampleDocument? Sample);

/// <param name="Of">How many flows there are.</param>
/// <param name="Decisions">How many compiled decisions there are at least, and exactly where all are covered.</param>
internal sealed record SampleDocument(int Sampled, long Of, int Seed, long Decisions, long Covered);

/// <param name="Port">0 for ICMP.</param>
internal sealed record FlowDocument(
    string From,
    string To,
    string Protocol,
    int Port,
    string Family,
    string Expected,
    string Measured,
    string Evidence,
    string Reason);

internal sealed record SummaryDocument(int Flows, int Agree, int Disagree, int Undecided, long Milliseconds);

/// <summary>Milliseconds of each part.</summary>
internal sealed record TimingsDocument(double Attach, double Program, double Probe);

/// <summary>What <c>test -o json</c> prints.</summary>
/// <param name="Failed">The undecided included.</param>
internal sealed record TestDocument(IReadOnlyList<ResultDocument> Results, int Passed, int Failed, int Undecided);

/// <param name="Want">allow or deny.</param>
/// <param name="Got">allowed, denied or undecided.</param>
/// <param name="Because">The reason of what came out; empty where it is as wanted.</param>
/// <param name="Step">Null where the file has no steps.</param>
internal sealed record ResultDocument(
    string Name, string Want, string Got, bool Ok, string Because, string File, int Line, string? Step);

/// <summary>What <c>validate -o json</c> prints.</summary>
internal sealed record ValidateDocument(IReadOnlyList<DiagnosticDocument> Diagnostics, int Errors, int Warnings);

internal sealed record DiagnosticDocument(
    string Code, string Severity, string Message, string File, int Line, int Column, string? Help, string? Note);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WhyDocument))]
[JsonSerializable(typeof(IReadOnlyList<WhyDocument>))]
[JsonSerializable(typeof(VerifyDocument))]
[JsonSerializable(typeof(ValidateDocument))]
[JsonSerializable(typeof(TestDocument))]
[JsonSerializable(typeof(SarifLog))]
internal sealed partial class Documents : JsonSerializerContext;
