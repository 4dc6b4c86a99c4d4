namespace Dataplane.Node.Diagnosis;

/// <summary>The daemon's state must be writable, or no change is accepted.</summary>
internal static class Disk
{
    private const long LittleSpace = 64L << 20;

    public static IEnumerable<Finding> Check(string stateDirectory)
    {
        var existing = new DirectoryInfo(stateDirectory);
        while (!existing.Exists && existing.Parent is { } parent) existing = parent;
        var free = new DriveInfo(existing.FullName).AvailableFreeSpace;
        yield return free < LittleSpace
            ? Finding.Warning(
                $"{existing.FullName}: {free >> 20} MiB free; when it is full, changes are "
                    + "refused (what is enforced stays)",
                $"make room, or choose another --state-dir; {LittleSpace >> 20} MiB are plenty")
            : Finding.Ok($"{stateDirectory}: {free >> 20} MiB free");
    }
}
