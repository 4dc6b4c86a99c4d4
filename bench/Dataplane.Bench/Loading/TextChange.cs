namespace Dataplane.Bench;

/// <summary>What leads from one ruleset to another one with the same rules, in nft's grammar: elements alone.</summary>
internal static class TextChange
{
    public static string Between(string before, string after)
    {
        var (old, now) = (Elements(before), Elements(after));
        return string.Concat(
        [
            .. old.Keys.Select(set => Command("delete", set, old[set].Except(now[set]))),
            .. now.Keys.Select(set => Command("add", set, now[set].Except(old[set]))),
        ]);
    }

    private static string Command(string verb, string set, IEnumerable<string> elements)
    {
        var list = string.Join(", ", elements);
        return list.Length == 0 ? "" : $"{verb} element {set} {{ {list} }}\n";
    }

    /// <summary>By table and set, each as it stands on its line.</summary>
    private static Dictionary<string, HashSet<string>> Elements(string ruleset)
    {
        var found = new Dictionary<string, HashSet<string>>();
        var (table, set) = ("", "");
        foreach (var line in ruleset.Split('\n'))
        {
            var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["table", var family, var name, ..]) table = $"{family} {name}";
            else if (words is ["set" or "map", var here, "{"]) found[set = $"{table} {here}"] = [];
            else if (line.StartsWith("\t\t\t", StringComparison.Ordinal)) found[set].Add(line.Trim('\t', ','));
        }
        return found;
    }
}
