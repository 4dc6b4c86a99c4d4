namespace Dataplane.Node.Verification;

/// <summary>What was measured, as JSON and the API spell it.</summary>
public static class MeasuredText
{
    public static string Text(this Measured measured) => measured switch
    {
        Measured.Allowed => "allowed",
        Measured.Denied => "denied",
        Measured.Refused => "refused",
        _ => "undecided",
    };

    public static string Text(this Evidence evidence) => evidence switch
    {
        Evidence.Captured => "captured",
        Evidence.DropLog => "drop-log",
        Evidence.Rejected => "rejected",
        _ => "none",
    };

    /// <summary>Back from <see cref="Text(Measured)"/>; any other word is undecided.</summary>
    public static Measured ReadMeasured(string text) =>
        Enum.GetValues<Measured>().FirstOrDefault(m => m.Text() == text, Measured.Undecided);

    /// <summary>Back from <see cref="Text(Evidence)"/>; any other word is none.</summary>
    public static Evidence ReadEvidence(string text) =>
        Enum.GetValues<Evidence>().FirstOrDefault(e => e.Text() == text);
}
