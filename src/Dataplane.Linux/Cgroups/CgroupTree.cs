using System.Globalization;

namespace Dataplane.Linux.Cgroups;

/// <summary>
/// Where control groups are made on this machine, cgroups(7): one hierarchy (version 2), or one for each controller
/// (version 1).
/// </summary>
public sealed class CgroupTree
{
    private const string Mount = "/sys/fs/cgroup", Controllers = "cgroup.controllers";

    /// <summary>Without these no group bounds or ends what is in it.</summary>
    private static readonly string[] Needed = ["pids", "memory"];

    private CgroupTree(bool isUnified, IReadOnlyList<string> directories, bool hasCpu) =>
        (IsUnified, Directories, HasCpu) = (isUnified, directories, hasCpu);

    /// <summary>Version 2.</summary>
    internal bool IsUnified { get; }

    /// <summary>The directories that a group has a directory in; that of pids first.</summary>
    internal IReadOnlyList<string> Directories { get; }

    internal bool HasCpu { get; }

    /// <summary>Makes the groups that others are made in.</summary>
    /// <param name="name">Of these groups, below the roots.</param>
    /// <returns>Null: this process may not make any, or the kernel has no such controllers.</returns>
    public static CgroupTree? Open(string name)
    {
        try
        {
            return File.Exists($"{Mount}/{Controllers}") ? Unified(name) : Split(name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A group with these limits; one of this name that is there gets them.</summary>
    /// <exception cref="IOException">It cannot be made, or an <see cref="UnauthorizedAccessException"/>.</exception>
    public Cgroup Make(string name, CgroupLimits limits)
    {
        var group = Group(name);
        foreach (var directory in group.Directories) Directory.CreateDirectory(directory);
        group.Limit(limits);
        return group;
    }

    /// <summary>The group of this name, whether it is there or not.</summary>
    public Cgroup Named(string name) => Group(name);

    /// <summary>The groups that are there.</summary>
    public IReadOnlyList<Cgroup> All => [.. Directory.GetDirectories(Directories[0])
        .Order(StringComparer.Ordinal).Select(d => Group(Path.GetFileName(d)))];

    /// <summary>Removes the groups that <see cref="Open"/> has made; nothing may be left in them.</summary>
    /// <exception cref="IOException">EBUSY: something is.</exception>
    public void Remove()
    {
        foreach (var directory in Directories.Where(Directory.Exists)) Directory.Delete(directory);
    }

    private Cgroup Group(string name) => new(this, [.. Directories.Select(d => $"{d}/{name}")]);

    private static CgroupTree? Unified(string name)
    {
        var known = File.ReadAllText($"{Mount}/{Controllers}").Split((char[])[' ', '\n']);
        if (Needed.Except(known).Any()) return null;
        string[] wanted = [.. Needed, .. known.Where(c => c == "cpu")];
        var own = $"{Mount}/{name}";
        foreach (var directory in (string[])[Mount, own])
        {
            Directory.CreateDirectory(directory);
            // The groups below have only what is handed down to them.
            File.WriteAllText($"{directory}/cgroup.subtree_control", string.Join(' ', wanted.Select(c => $"+{c}")));
        }
        return new CgroupTree(isUnified: true, [own], wanted.Contains("cpu"));
    }

    private static CgroupTree? Split(string name)
    {
        if (Array.Exists(Needed, c => !IsThere(c))) return null;
        string[] wanted = [.. Needed, .. IsThere("cpu") ? (string[])["cpu"] : []];
        var directories = Array.ConvertAll(wanted, c => $"{Mount}/{c}/{name}");
        foreach (var directory in directories) Directory.CreateDirectory(directory);
        return new CgroupTree(isUnified: false, directories, wanted.Contains("cpu"));

        static bool IsThere(string controller) => File.Exists($"{Mount}/{controller}/cgroup.procs");
    }

    internal static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
