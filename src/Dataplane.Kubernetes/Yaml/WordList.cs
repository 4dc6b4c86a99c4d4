using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Yaml;

/// <summary>Edits of a list of words, such as <c>policyTypes</c>, by the place of its key.</summary>
public static class WordList
{
    /// <summary>The word behind the others; null where the list has none.</summary>
    public static Fix? With(YamlText text, SourcePosition key, string word)
    {
        if (text.Items(key) is not [.., var last])
        {
            return null;
        }
        return text.Dash(last) is { } dash
            ? new Fix(YamlText.Insert(text.End(last, inFlow: false), $"\n{new string(' ', dash - 1)}- {word}"))
            : new Fix(YamlText.Insert(text.End(last, inFlow: true), $", {word}"));
    }

    /// <summary>The list without the word; null where that would leave no word, or the word is not there.</summary>
    public static Fix? Without(YamlText text, SourcePosition key, string word)
    {
        var items = text.Items(key);
        var index = items.ToList().FindIndex(i => text.Has(i, word));
        if (index < 0 || items.Count < 2)
        {
            return null;
        }
        if (text.Dash(items[index]) is not null)
        {
            return new Fix(new TextEdit(text.EndOf(items[index].Line - 1), text.EndOf(items[index].Line), ""));
        }
        return new Fix(index == 0 ? new TextEdit(items[0], items[1], "")
            : new TextEdit(text.End(items[index - 1], inFlow: true), text.End(items[index], inFlow: true), ""));
    }
}
