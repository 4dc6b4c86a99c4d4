namespace Dataplane.Api;

/// <summary>The answer to a refused request, RFC 9457, application/problem+json.</summary>
/// <param name="Type">A name of the problem: <see cref="Namespace"/> and a word.</param>
/// <param name="Status">The HTTP status of the answer.</param>
public sealed record Problem(string Type, string Title, int Status)
{
    public const string ContentType = "application/problem+json", Namespace = "urn:dataplane:problem:";

    /// <summary>The word of <see cref="Type"/> for a path that the daemon does not serve.</summary>
    public const string NoSuchPath = "no-such-path";

    public string? Detail { get; init; }

    /// <summary>What a command that receives this answer exits with; one of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; init; }

    public IReadOnlyList<DiagnosticEntry> Diagnostics { get; init; } = [];
}

/// <summary>A diagnostic of the loader or of the daemon; the same keys as <c>validate -o json</c>.</summary>
public sealed record DiagnosticEntry(string Code, string Severity, string Message, string File, int Line, int Column)
{
    public string? Help { get; init; }
    public string? Note { get; init; }
}
