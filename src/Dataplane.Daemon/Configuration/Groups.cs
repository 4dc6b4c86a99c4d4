using System.Globalization;

namespace Dataplane.Daemon.Configuration;

/// <summary>Groups of this machine: by name from /etc/group, or by number.</summary>
internal static class Groups
{
    /// <param name="option">The option's name, for the message.</param>
    /// <returns>Null for null.</returns>
    /// <exception cref="OptionException">There is no such group.</exception>
    public static uint? Number(string option, string? group)
    {
        if (group is null) return null;
        if (uint.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        // group(5): name, password, number, members.
        foreach (var line in File.ReadLines("/etc/group"))
        {
            if (line.Split(':') is [var name, _, var id, ..] && name == group
                && uint.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            {
                return number;
            }
        }
        throw new OptionException($"{option}: there is no group \"{group}\" in /etc/group");
    }
}
