namespace Dataplane.Kubernetes.Text;

/// <summary>
/// Words that come again and again (namespaces, keys and values of labels, files), each kept once. It forgets: a slot has the word that
/// came to it last, so that nobody's words fill the memory.
/// </summary>
internal static class SharedStrings
{
    private const int Slots = 1 << 13, Longest = 256;

    private static readonly string?[] Known = new string?[Slots];

    /// <summary>An equal string. Safe on any thread: references are written whole.</summary>
    public static string Of(string word)
    {
        if (word.Length > Longest)
        {
            return word;
        }
        ref var slot = ref Known[(uint)word.GetHashCode() % Slots];
        return slot is { } known && known == word ? known : slot = word;
    }
}
