using System.Text;

namespace Dataplane.Kubernetes.Text;

/// <summary>Text from the input inside a message: one line, printable, not longer than a glance.</summary>
internal static class Quote
{
    private const int MaxLength = 80;

    public static string Of(string text)
    {
        var shown = new StringBuilder("`");
        foreach (var c in text.Length <= MaxLength ? text : text[..MaxLength])
        {
            shown.Append(c switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' || char.IsSurrogate(c) => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        }
        return shown.Append(text.Length > MaxLength ? "...`" : "`").ToString();
    }
}
