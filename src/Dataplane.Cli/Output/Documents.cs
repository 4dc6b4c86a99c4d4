using System.Text.Json.Serialization;

namespace Dataplane.Cli.Output;

/// <summary>The document of <c>why -o json</c> for one flow.</summary>
/// <param name="Port">0 for ICMP.</param>
/// <param name="Families">Every address family for which the answer holds; <paramref name="Family"/> is the
/// first.</param>
/// <param name="Pairs">Every pair of pods that the answer is about, the explained one first; null where both names
/// are of one endpoint.</param>
internal sealed record WhyDocument(
    string From,
    string To,
    string Protocol,
    int Port,
    string Family,
    IReadOnlyList<string> Families,
    string Verdict,
    IReadOnlyList<SideDocument> Sides,
    IReadOnlyList<SuggestionDocument>? Suggestions,
    IReadOnlyList<PairDocument>? Pairs);

/// <summary>The document of <c>why -o json</c> for one port of a Service.</summary>
/// <param name="To"><c>service:namespace/name</c>.</param>
/// <param name="Frontend">What the packet has as its destination; null where the Service has no such port.</param>
/// <param name="Verdict">allowed, partial, denied or refused.</param>
internal sealed record ServiceWhyDocument(string From, string To, string Protocol, int Port, string Family,
    IReadOnlyList<string> Families, string Verdict,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] FrontendDocument? Frontend,
    IReadOnlyList<BackendDocument> Backends)
{
    /// <summary>All that another machine may use, each with its verdict; left out where there is only one.</summary>
    public IReadOnlyList<FrontendDocument>? Frontends { get; init; }
}

/// <param name="Kind">ClusterIP, ExternalIP, LoadBalancer or NodePort.</param>
/// <param name="AffinitySeconds">Left out where each connection is chosen anew.</param>
internal sealed record FrontendDocument(string Kind, string Address, int Port, int? AffinitySeconds)
{
    /// <summary>Among several.</summary>
    public string? Verdict { get; init; }
}

/// <param name="Backend">The pod; of others the address.</param>
/// <param name="Sides">What policies say of the packet behind the Service; none between two machines outside.</param>
internal sealed record BackendDocument(
    string Backend, string Address, int Port, string Verdict, IReadOnlyList<SideDocument> Sides);

internal sealed record PairDocument(string From, string To);

/// <summary>A query of <c>dns -o json</c> and its answer.</summary>
/// <param name="Code">DENIED, UNREACHABLE, TRUNCATED and SILENCE where it is no answer.</param>
internal sealed record DnsDocument(string Name, string Type, string Code, IReadOnlyList<string> Records)
{
    /// <summary>Null, as what follows, where the answer was computed.</summary>
    public string? Server { get; init; }
    public string? Transport { get; init; }
    public double? Milliseconds { get; init; }

    /// <summary>Who dropped the question, where it is known.</summary>
    public string? Policy { get; init; }
    public string? Reason { get; init; }
    public string? File { get; init; }
    public int? Line { get; init; }
}

/// <summary>Edits that together turn the verdict into <paramref name="Verdict"/>.</summary>
/// <param name="Families">The address families for which the edits were checked.</param>
internal sealed record SuggestionDocument(
    string Verdict, IReadOnlyList<string> Families, IReadOnlyList<EditDocument> Edits);

/// <param name="File">Null for a new object, as <paramref name="Line"/>.</param>
internal sealed record EditDocument(string Object, string? File, int? Line, string Edit);

/// <param name="PassedBy">The rule that ended the Admin tier without deciding.</param>
/// <param name="Nearest">The nearest rules of a denied side; null for an allowed side.</param>
internal sealed record SideDocument(
    string Side, string Verdict, string Basis, IReadOnlyList<PolicyDocument> IsolatedBy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] RuleDocument? DecidedBy,
    RuleDocument? PassedBy, IReadOnlyList<NearDocument>? Nearest);

internal sealed record PolicyDocument(string Kind, string Name, string File, int Line);

/// <param name="Rule">Index in the list of <paramref name="Direction"/>, from 0.</param>
/// <param name="Tier">Admin or Baseline; null for a rule of a NetworkPolicy, as are the following fields.</param>
/// <param name="Action">Accept, Deny or Pass.</param>
/// <param name="RuleName">Null also for a rule without a name.</param>
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

/// <summary>The document of <c>verify -o json</c>.</summary>
/// <param name="Control">The reason why the results are invalid; left out if the controls succeeded.</param>
/// <param name="Sample">Left out if every flow was probed.</param>
internal sealed record VerifyDocument(
    IReadOnlyList<FlowDocument> Flows,
    SummaryDocument Summary,
    TimingsDocument Timings,
    string? Control,
    SampleDocument? Sample);

/// <param name="Of">Number of all flows.</param>
/// <param name="Decisions">Number of compiled decisions: a lower bound, exact if all are covered.</param>
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
    string Reason)
{
    /// <summary>Of a Service: the pod or the address that was chosen; left out where there is none.</summary>
    public string? Backend { get; init; }

    /// <summary>Of a Service: the address and port that the packets were sent to.</summary>
    public string? Frontend { get; init; }
}

internal sealed record SummaryDocument(int Flows, int Agree, int Disagree, int Undecided, long Milliseconds);

/// <summary>Duration of each phase in milliseconds.</summary>
internal sealed record TimingsDocument(double Attach, double Program, double Probe);

/// <summary>The document of <c>test -o json</c>.</summary>
/// <param name="Failed">Number of failures, including undecided results.</param>
/// <param name="Empty">Titles of the files and steps without a check; left out if there are none.</param>
internal sealed record TestDocument(
    IReadOnlyList<ResultDocument> Results, int Passed, int Failed, int Undecided, IReadOnlyList<string>? Empty);

/// <param name="Want">allow or deny; of a Service also refused or partial.</param>
/// <param name="Got">allowed, denied, refused, partial or undecided.</param>
/// <param name="Because">The reason for the result; empty if the assertion holds.</param>
/// <param name="Step">Null if the file has no steps.</param>
internal sealed record ResultDocument(
    string Name, string Want, string Got, bool Ok, string Because, string File, int Line, string? Step);

/// <summary>The document of <c>validate -o json</c>.</summary>
internal sealed record ValidateDocument(IReadOnlyList<DiagnosticDocument> Diagnostics, int Errors, int Warnings);

internal sealed record DiagnosticDocument(
    string Code, string Severity, string Message, string File, int Line, int Column, string? Help, string? Note,
    IReadOnlyList<TextEditDocument>? Edits);

/// <summary>Replaces the text of the finding's file from one place up to, not including, another.</summary>
internal sealed record TextEditDocument(int Line, int Column, int EndLine, int EndColumn, string Text);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WhyDocument))]
[JsonSerializable(typeof(IReadOnlyList<WhyDocument>))]
[JsonSerializable(typeof(ServiceWhyDocument))]
[JsonSerializable(typeof(IReadOnlyList<ServiceWhyDocument>))]
[JsonSerializable(typeof(IReadOnlyList<DnsDocument>))]
[JsonSerializable(typeof(TopologyDocument))]
[JsonSerializable(typeof(VerifyDocument))]
[JsonSerializable(typeof(ValidateDocument))]
[JsonSerializable(typeof(TestDocument))]
[JsonSerializable(typeof(IReadOnlyList<DiagnosticDocument>))]
[JsonSerializable(typeof(SarifLog))]
internal sealed partial class Documents : JsonSerializerContext;
