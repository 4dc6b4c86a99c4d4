namespace Dataplane.Node.Diagnosis;

public enum FindingSeverity { Ok, Warning, Failed }

/// <summary>The result of a check.</summary>
/// <param name="Fix">The remedy; null if nothing is wrong.</param>
public sealed record Finding(FindingSeverity Severity, string What, string? Fix = null)
{
    public static Finding Ok(string what) => new(FindingSeverity.Ok, what);

    public static Finding Warning(string what, string fix) => new(FindingSeverity.Warning, what, fix);

    public static Finding Failed(string what, string fix) => new(FindingSeverity.Failed, what, fix);
}
