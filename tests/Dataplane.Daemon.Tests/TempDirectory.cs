namespace Dataplane.Daemon.Tests;

/// <summary>A directory that goes with the test.</summary>
internal sealed class TempDirectory : IDisposable
{
    private const string Memory = "/dev/shm";

    /// <summary>In memory where there is such a place: thousands of small files are made durable here.</summary>
    public string Path { get; } = Directory.Exists(Memory)
        ? Directory.CreateDirectory(System.IO.Path.Combine(Memory, $"dataplane-test-{Guid.NewGuid():N}"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName
        : Directory.CreateTempSubdirectory("dataplane-test-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
