using System.Text;

namespace Dataplane.Node.Observation;

/// <summary>Interns the prefixes of log entries: thousands of entries share a few strings. Not thread-safe.</summary>
internal sealed class ReasonNames
{
    private const int MaxLength = 128;

    private readonly Dictionary<string, string> _names = [];

    /// <param name="prefix">The prefix as the kernel writes it; cut after 128 bytes.</param>
    public string this[ReadOnlySpan<byte> prefix]
    {
        get
        {
            Span<char> text = stackalloc char[MaxLength];
            var length = Encoding.ASCII.GetChars(prefix[..Math.Min(prefix.Length, MaxLength)], text);
            var lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
            if (!lookup.TryGetValue(text[..length], out var name)) _names[name = text[..length].ToString()] = name;
            return name;
        }
    }
}
