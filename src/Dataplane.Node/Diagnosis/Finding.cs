namespace Dataplane.Node.Diagnosis;

public enum FindingSeverity { Ok, Warning, Failed }

/// <summary>What a check found.</summary>
/// <param name="Fix">What to do about it; null for what is ok.</param>
public sealed record Finding(FindingSeverity Severity, string What, string? Fix = null)
{
    public static Finding Ok(string what) => new(FindingSeverity.Ok, what);

    public static Finding Warning(string what, string fix) => new(FindingSeverity.Warning, what, fix);

    public static Finding Failed(string what, string fix) => new(FindingSeverity.Failed, what, fix);
}
