namespace Dataplane.Runtime.Logs;

/// <summary>
/// The log of one run of a container, in two files of bounded size: when one is full it takes the place of the older
/// one, PATH.1, and another one is begun. For one thread at a time.
/// </summary>
public sealed class LogFile : IDisposable
{
    /// <summary>Bytes of a file at most, unless another number is given.</summary>
    public const long DefaultBytes = 10 << 20;

    /// <summary>A longer line is written in parts.</summary>
    public const int LongestPart = 16 << 10;

    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly long _most;
    private readonly TimeProvider _time;
    private readonly List<byte>[] _open = [[], []];
    private FileStream? _file;

    /// <param name="path">A file that is there is written on.</param>
    /// <param name="most">Bytes of one file; a single line may be more.</param>
    /// <exception cref="IOException">It cannot be opened, or an <see cref="UnauthorizedAccessException"/>.</exception>
    public LogFile(string path, TimeProvider time, long most = DefaultBytes)
    {
        (_path, _time, _most) = (path, time, most);
        _file = Open();
    }

    /// <summary>Lines and parts that could not be written, such as on a full disk.</summary>
    public long Lost { get; private set; }

    /// <summary>The older of the two files of a log.</summary>
    public static string OlderOf(string path) => path + ".1";

    /// <summary>Takes what a container wrote: whole lines are written at once, others when they end.</summary>
    public void Add(LogStream stream, ReadOnlySpan<byte> bytes)
    {
        var open = _open[(int)stream];
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var part = Math.Min(end < 0 ? bytes.Length : end, LongestPart - open.Count);
            open.AddRange(bytes[..part]);
            bytes = bytes[part..];
            if (end == part)
            {
                Write(stream, open, isWhole: true);
                bytes = bytes[1..];
            }
            else if (open.Count == LongestPart)
            {
                Write(stream, open, isWhole: false);
            }
        }
    }

    /// <summary>Writes what has no end yet as if it had: nothing will follow.</summary>
    public void End()
    {
        foreach (var stream in (LogStream[])[LogStream.Out, LogStream.Error])
            if (_open[(int)stream] is { Count: > 0 } open) Write(stream, open, isWhole: true);
    }

    public void Dispose()
    {
        End();
        _file?.Dispose();
    }

    private void Write(LogStream stream, List<byte> open, bool isWhole)
    {
        var line = new LogLine(_time.GetUtcNow(), stream, isWhole, open.ToArray()).ToBytes();
        open.Clear();
        try
        {
            _file ??= Open();
            if (_file.Length > 0 && _file.Length + line.Length > _most)
            {
                _file.Dispose();
                _file = null;
                File.Move(_path, OlderOf(_path), overwrite: true);
                _file = Open();
            }
            _file.Write(line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A container must not wait for a disk, and a log is no reason to end it.
            Lost++;
        }
    }

    private FileStream Open() => new(_path, new FileStreamOptions
    {
        Mode = FileMode.Append,
        Access = FileAccess.Write,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
        UnixCreateMode = Mode,
    });
}
