namespace Dataplane.Linux.Namespaces;

/// <summary>
/// Checks that no thread of this process is left in a foreign network namespace: a thread that the runtime starts while
/// its creator is inside one inherits it for good, and a probe born there looks like an allowed flow.
/// </summary>
public static class ThreadHome
{
    /// <summary>
    /// The threads outside the process's own network namespace, as <c>tid name</c>. Empty is healthy.
    /// </summary>
    public static IReadOnlyList<string> StrayThreads() =>
        // On the netns thread itself: while it reads, none of its jobs can be away.
        NetnsThread.Shared.Run(null, static () =>
        {
            var home = new FileInfo("/proc/self/ns/net").LinkTarget;
            var stray = new List<string>();
            foreach (var task in Directory.GetDirectories("/proc/self/task"))
            {
                try
                {
                    if (new FileInfo(task + "/ns/net").LinkTarget is { } link && link != home)
                    {
                        stray.Add($"{Path.GetFileName(task)} {File.ReadAllText(task + "/comm").Trim()}");
                    }
                }
                catch (IOException)
                {
                    // The thread ended meanwhile.
                }
            }

            return stray;
        });

    /// <exception cref="InvalidOperationException">At least one thread is away; the message names it.</exception>
    public static void AssertAllHome()
    {
        if (StrayThreads() is { Count: > 0 } stray)
        {
            throw new InvalidOperationException(
                $"Threads outside their network namespace: {string.Join(", ", stray)}.");
        }
    }
}
