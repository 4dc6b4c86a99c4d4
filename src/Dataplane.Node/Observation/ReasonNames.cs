using System.Text;

namespace Dataplane.Node.Observation;

/// <summary>
/// The prefixes of log entries as strings: a handful of them, thousands of entries, one string each. Not thread-safe.
/// </summary>
internal sealed class ReasonNames
{
    private const int MaxLength = 128;

    private readonly Dictionary<string, string> _names = [];

    /// <param name="prefix">As the kernel writes it; beyond 128 bytes it is cut.</param>
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
