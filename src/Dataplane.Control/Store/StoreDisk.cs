using Dataplane.Linux.Files;
using Dataplane.Linux.Native;

namespace Dataplane.Control.Store;

/// <summary>Writes the files of the store, and says while that is impossible.</summary>
/// <param name="reserve">Where room is kept for deletions.</param>
internal sealed class StoreDisk(string directory, string reserve)
{
    public const string Temporary = ".tmp";

    /// <summary>A file that is written to see whether that is possible again.</summary>
    public const string ProbeName = "probe";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly StoreReserve _reserve = new(reserve);

    /// <summary>Why nothing can be written now; null: the last attempt succeeded.</summary>
    public string? Fault { get; private set; }

    public string PathOf(string name) => Path.Combine(directory, name);

    /// <summary>Makes room for deletions, as far as possible.</summary>
    public void Reserve()
    {
        try
        {
            _reserve.Fill();
        }
        catch (Exception e) when (IsDisk(e))
        {
            NoteFault(e);
        }
    }

    /// <summary>Looks whether something can be written again, after a time when nothing could.</summary>
    /// <returns>Whether <see cref="Fault"/> has changed.</returns>
    public bool LookAgain()
    {
        if (Fault is not { } before) return false;
        try
        {
            WriteTemporary(ProbeName, [0]);
            File.Delete(PathOf(ProbeName) + Temporary);
            _reserve.Fill();
            Fault = null;
        }
        catch (Exception e) when (IsDisk(e))
        {
            NoteFault(e);
        }
        return Fault != before;
    }

    /// <summary>Writes a file beside its place, and to the disk.</summary>
    /// <param name="isDeletion">It may have the room that is kept for deletions.</param>
    /// <exception cref="IOException">There is no room, or the disk failed.</exception>
    public void WriteTemporary(string name, ReadOnlySpan<byte> bytes, bool isDeletion = false)
    {
        while (true)
        {
            try
            {
                WriteNew(PathOf(name) + Temporary, bytes);
                return;
            }
            catch (Exception e) when (IsDisk(e))
            {
                var mayRetry = isDeletion && IsFull(e) && _reserve.GiveUpOne();
                NoteFault(e);
                if (!mayRetry) throw;
            }
        }
    }

    /// <summary>Puts a file that was written into its place.</summary>
    public void Put(string name)
    {
        File.Move(PathOf(name) + Temporary, PathOf(name), overwrite: true);
        DurableDirectory.Sync(directory);
    }

    public static bool IsDisk(Exception e) => e is IOException or UnauthorizedAccessException;

    private static void WriteNew(string path, ReadOnlySpan<byte> bytes)
    {
        // A new file, whatever is there: a link would lead elsewhere.
        File.Delete(path);
        try
        {
            using var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = OwnerOnly,
            });
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (IsDisk(e))
        {
            // Half of it takes room.
            File.Delete(path);
            throw;
        }
    }

    private void NoteFault(Exception e) => Fault = $"{directory}: {e.Message.ReplaceLineEndings(" ")}; changes are "
        + (IsFull(e) ? $"refused, and deletions take what is kept for them: {_reserve.Left} files" : "refused");

    private static bool IsFull(Exception e) => e.HResult is Errno.ENOSPC or Errno.EDQUOT;
}
