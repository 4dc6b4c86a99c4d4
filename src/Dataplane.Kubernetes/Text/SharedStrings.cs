namespace Dataplane.Kubernetes.Text;

/// <summary>
/// Keeps one instance of words that occur often: namespaces, keys and values of labels, files. A slot holds the last
/// word that was hashed to it, so the memory is bounded.
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
