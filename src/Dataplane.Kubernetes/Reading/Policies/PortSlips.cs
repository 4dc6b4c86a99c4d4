using System.Globalization;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Validation;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Policies;

/// <summary>What a text that is no name of a port was to say, and how the API says it.</summary>
internal static class PortSlips
{
    private static readonly string[] RangeSigns = ["-", "..", ":", "–"];

    /// <param name="item">The item of <c>ports</c>.</param>
    /// <param name="at">Its <c>port</c>.</param>
    public static (string? Note, string? Help, Fix? Fix) Advice(MappingReader item, NodeReader at, string text) =>
        Number(at, text) ?? Range(item, at, text) ?? Several(item, at, text) ?? WithProtocol(item, at, text)
            ?? Everything(item, text) ?? Corrected(at, text);

    private static (string?, string?, Fix?)? Number(NodeReader at, string text) =>
        text.Length == 0 || !text.All(char.IsAsciiDigit) ? null
            : PortOf(text) is { } port ? ("in quotes this is a port's NAME, not its number", "remove the quotes",
                at.Replaced(Text(port)))
            : (null, "ports are 1 to 65535", null);

    private static (string?, string?, Fix?)? Range(MappingReader item, NodeReader at, string text)
    {
        foreach (var sign in RangeSigns)
        {
            if (text.Split(sign) is not [var low, var high] || Digits(low) is not { } a || Digits(high) is not { } b)
            {
                continue;
            }
            var first = Math.Clamp(Math.Min(a, b), 1, ushort.MaxValue);
            var last = Math.Clamp(Math.Max(a, b), 1, ushort.MaxValue);
            var free = !item.Mapping.TryGet("endPort", out _);
            return ("`port` is one number or one name; the other end of a range has a field of its own",
                $"write `port: {first}` and `endPort: {last}`",
                free ? Beside(item, at, Text(first), $"{FieldMoves.Name(item, "endPort")}: {last}") : null);
        }
        return null;
    }

    private static (string?, string?, Fix?)? Several(MappingReader item, NodeReader at, string text)
    {
        var parts = text.Split([',', ' ', ';', '/'], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2 || !Array.TrueForAll(parts, p => PortOf(p) is not null))
        {
            return null;
        }
        var protocol = item.Field("protocol") is { Node: YamlScalar { Value: var word } } ? $", protocol: {word}" : "";
        var others = parts.Skip(1).Select(p => $"{{port: {p}{protocol}}}").ToList();
        var (yaml, first) = (at.Text, at.Replaced(parts[0]).Edits[0]);
        Fix? fix = null;
        if (yaml.IsFlow(item.Position))
        {
            fix = new Fix(first, YamlText.Insert(yaml.End(item.Position, inFlow: true),
                string.Concat(others.Select(o => $", {o}"))));
        }
        else if (yaml.Dash(item.Position) is { } dash)
        {
            var last = yaml.LastLine(yaml.Place(item.Position.Line, dash));
            var lines = string.Concat(others.Select(o => $"\n{new string(' ', dash - 1)}- {o}"));
            fix = new Fix(first, YamlText.Insert(yaml.EndOf(last), lines));
        }
        return ("`port` is one number or one name",
            $"write one item for each: {string.Join(" and ", parts.Select(p => $"`port: {p}`"))}", fix);
    }

    private static (string?, string?, Fix?)? WithProtocol(MappingReader item, NodeReader at, string text)
    {
        if (text.ToUpperInvariant().Split('/', ':', ' ') is not [var one, var other])
        {
            return null;
        }
        var (protocol, number) = one is "TCP" or "UDP" or "SCTP" ? (one, other) : (other, one);
        if (protocol is not ("TCP" or "UDP" or "SCTP") || PortOf(number) is not { } port)
        {
            return null;
        }
        var given = item.Field("protocol")?.Node as YamlScalar;
        return ("the protocol has a field of its own", $"write `port: {port}` and `protocol: {protocol}`",
            given is null ? Beside(item, at, Text(port), $"protocol: {protocol}")
                : given.Value == protocol ? at.Replaced(Text(port)) : null);
    }

    private static (string?, string?, Fix?)? Everything(MappingReader item, string text) =>
        text.ToUpperInvariant() is not ("*" or "ANY" or "ALL") ? null
            : ("without `port`, an item of `ports` means ALL ports of its protocol",
                "remove `port` to mean all of them", FieldMoves.Without(item, "port"));

    private static (string?, string?, Fix?) Corrected(NodeReader at, string text) =>
        Names.Corrected(text, Names.PortName) is { } better
            ? (null, $"did you mean `{better}`?", at.Replaced(YamlText.Word(better))) : (null, null, null);

    /// <summary>The port replaced, and another field behind it.</summary>
    private static Fix? Beside(MappingReader item, NodeReader at, string port, string field)
    {
        var key = item.Key("port").Position;
        var flow = at.Text.IsFlow(item.Position);
        return at.Position.Line != key.Line ? null : new Fix(at.Replaced(port).Edits[0] with
        {
            Replacement = flow ? $"{port}, {field}" : $"{port}\n{new string(' ', key.Column - 1)}{field}",
        });
    }

    private static int? PortOf(string text) =>
        Digits(text) is { } number and >= 1 and <= ushort.MaxValue ? number : null;

    private static int? Digits(string text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
