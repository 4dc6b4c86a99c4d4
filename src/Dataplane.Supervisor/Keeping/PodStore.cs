using System.Text.Json;
using Dataplane.Runtime.Supervision;
using Dataplane.Runtime.Supervision.Wire;

namespace Dataplane.Supervisor.Keeping;

/// <summary>
/// The records of pods, a file for each. One is written aside and then takes the place of the one before, so that the
/// end of this process at any moment leaves either. (A loss of power ends the programs too.)
/// </summary>
internal sealed class PodStore(SupervisorFiles files)
{
    private const string FileName = "pod.json", Aside = "pod.json.new";

    /// <exception cref="IOException">The disk is full, or an <see cref="UnauthorizedAccessException"/>.</exception>
    public void Write(PodOrder order, byte[] record)
    {
        var directory = files.PodOf(order.Namespace, order.Name);
        Directory.CreateDirectory(directory);
        File.WriteAllBytes($"{directory}/{Aside}", record);
        File.Move($"{directory}/{Aside}", $"{directory}/{FileName}", overwrite: true);
    }

    /// <summary>Removes all that is there of a pod but its record.</summary>
    public void Clear(PodOrder order)
    {
        var containers = files.ContainersOf(order.Namespace, order.Name);
        if (Directory.Exists(containers)) Directory.Delete(containers, recursive: true);
    }

    /// <summary>All that is there of a pod is gone, with its logs.</summary>
    public void Remove(PodOrder order)
    {
        Clear(order);
        var directory = files.PodOf(order.Namespace, order.Name);
        // What is left without a record is nothing.
        File.Delete($"{directory}/{FileName}");
        Directory.Delete(directory, recursive: true);
        var ns = Path.GetDirectoryName(directory)!;
        if (!Directory.EnumerateFileSystemEntries(ns).Any()) Directory.Delete(ns);
    }

    /// <summary>The records that are there. What is left of a pod without one is removed.</summary>
    /// <param name="unreadable">Told the path of a record that is none, and why; it stays.</param>
    public IEnumerable<PodRecord> Read(Action<string, string> unreadable)
    {
        if (!Directory.Exists(files.Pods)) yield break;
        foreach (var directory in Directory.GetDirectories(files.Pods).SelectMany(Directory.GetDirectories))
        {
            var path = $"{directory}/{FileName}";
            if (!File.Exists(path))
            {
                Directory.Delete(directory, recursive: true);
                continue;
            }
            if (Read(path, unreadable) is { } record) yield return record;
        }
    }

    private static PodRecord? Read(string path, Action<string, string> unreadable)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), SupervisorJson.Default.PodRecord);
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            unreadable(path, e.Message);
            return null;
        }
    }
}
