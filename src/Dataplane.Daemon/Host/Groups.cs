using System.Globalization;

namespace Dataplane.Daemon.Host;

/// <summary>Groups of this machine: those of /etc/group, and numbers.</summary>
internal static class Groups
{
    /// <summary>Null for null.</summary>
    /// <exception cref="OptionException">There is no such group.</exception>
    public static uint? Number(string option, string? group)
    {
        if (group is null) return null;
        if (uint.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        // group(5): name, password, number, members.
        foreach (var line in File.ReadLines("/etc/group"))
            if (line.Split(':') is [var name, _, var id, ..] && name == group && uint.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out number)) return number;
        throw new OptionException($"{option}: there is no group \"{group}\" in /etc/group");
    }
}
