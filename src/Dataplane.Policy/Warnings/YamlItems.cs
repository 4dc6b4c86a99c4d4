using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Policy.Warnings;

/// <summary>Items added to lists of a manifest.</summary>
internal static class YamlItems
{
    /// <summary>An item in front of another one of the list.</summary>
    /// <param name="first">The first key of the other item, or its bracket.</param>
    /// <param name="item">In brackets, so that it takes one line.</param>
    public static TextEdit Before(YamlText text, SourcePosition first, string item) => text.Dash(first) is { } dash
        ? YamlText.Insert(text.Place(first.Line, dash), $"- {item}\n{new string(' ', dash - 1)}")
        : YamlText.Insert(first, $"{item}, ");
}
