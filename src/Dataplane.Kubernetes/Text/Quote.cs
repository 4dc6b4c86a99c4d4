namespace Dataplane.Kubernetes.Text;

/// <summary>Text from the input inside a message: one line, printable, not longer than a glance.</summary>
internal static class Quote
{
    private const int MaxLength = 80;

    public static string Of(string text)
    {
        var isLong = text.Length > MaxLength;
        return $"`{Visible.Line(isLong ? text[..MaxLength] : text)}{(isLong ? "..." : "")}`";
    }
}
