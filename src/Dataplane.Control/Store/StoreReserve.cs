using System.Globalization;

namespace Dataplane.Control.Store;

/// <summary>
/// Room on the disk that is kept for deletions: files of zeros, given up one after the other when the disk is
/// full. A deletion takes a file and less than a block.
/// </summary>
internal sealed class StoreReserve(string directory)
{
    private const int Count = 16, Bytes = 64 << 10;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The number of files that are there.</summary>
    public int Left => Paths.Count(File.Exists);

    private IEnumerable<string> Paths => Enumerable.Range(0, Count).Select(
        n => Path.Combine(directory, n.ToString("D2", CultureInfo.InvariantCulture)));

    /// <summary>Makes what is missing, as far as there is room.</summary>
    /// <exception cref="IOException">There is no room for all of it.</exception>
    public void Fill()
    {
        Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        if (new DirectoryInfo(directory).LinkTarget is not null) throw new IOException($"{directory} is a link");
        foreach (var path in Paths.Where(p => !File.Exists(p)))
        {
            try
            {
                using var file = new FileStream(path, new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = OwnerOnly,
                });
                file.Write(new byte[Bytes]);
            }
            catch
            {
                File.Delete(path);
                throw;
            }
        }
    }

    /// <summary>Gives one file up; false: none is left.</summary>
    public bool GiveUpOne()
    {
        if (Paths.FirstOrDefault(File.Exists) is not { } path) return false;
        File.Delete(path);
        return true;
    }
}
