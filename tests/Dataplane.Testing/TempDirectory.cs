namespace Dataplane.Testing;

/// <summary>A directory of its own for one test, removed with all that is in it on disposal.</summary>
public sealed class TempDirectory : IDisposable
{
    private const string Memory = "/dev/shm";

    /// <summary>On disk. For files that a test makes durable by the thousand, see <see cref="InMemory"/>.</summary>
    public TempDirectory() => Path = Directory.CreateTempSubdirectory("dataplane-test-").FullName;

    private TempDirectory(string path) => Path = path;

    /// <summary>A directory in memory where the machine has such a file system, else on disk.</summary>
    public static TempDirectory InMemory() => !Directory.Exists(Memory) ? new TempDirectory() : new TempDirectory(
        Directory.CreateDirectory(System.IO.Path.Combine(Memory, $"dataplane-test-{Guid.NewGuid():N}"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName);

    public string Path { get; }

    /// <summary>The path of an entry of this directory; nothing is created.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file of this directory.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
