namespace Dataplane.ApiMachinery.Selection;

/// <summary>Cuts a label selector into operators and words, and hands them out one after another.</summary>
internal sealed class LabelSelectorWords
{
    private static readonly string[] Operators = [")", ",", "!", "==", "=", ">", "<", "!=", "("];

    private readonly List<(string Text, bool IsWord)> _items = [];
    private int _next;

    public LabelSelectorWords(string text)
    {
        var at = 0;
        while (at < text.Length)
        {
            if (text[at] is ' ' or '\t' or '\r' or '\n')
            {
                at++;
                continue;
            }
            var symbol = Operators.Where(o => string.CompareOrdinal(text, at, o, 0, o.Length) == 0)
                .MaxBy(o => o.Length);
            var end = at + (symbol?.Length ?? 0);
            if (symbol is null)
            {
                while (end < text.Length && text[end] is not (' ' or '\t' or '\r' or '\n' or '=' or '!' or '(' or ')'
                    or ',' or '>' or '<'))
                {
                    end++;
                }
            }
            _items.Add((text[at..end], symbol is null));
            at = end;
        }
    }

    /// <summary>The next one is a key or a value.</summary>
    public bool IsWord => _next < _items.Count && _items[_next].IsWord;

    /// <summary>The next operator or word; empty at the end.</summary>
    public string Peek => _next < _items.Count ? _items[_next].Text : "";

    public bool IsAtEnd => _next >= _items.Count;

    public string Take()
    {
        var text = Peek;
        _next++;
        return text;
    }
}
