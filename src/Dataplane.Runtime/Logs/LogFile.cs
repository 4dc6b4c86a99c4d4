using System.Buffers;
using System.Runtime.InteropServices;

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
    private readonly ArrayBufferWriter<byte> _waiting = new();
    private FileStream? _file;
    private long _length;
    private int _lines;

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

    /// <summary>Takes what a container wrote: whole lines are in the file when it returns, others when they
    /// end.</summary>
    public void Add(LogStream stream, ReadOnlySpan<byte> bytes)
    {
        var open = _open[(int)stream];
        var now = _time.GetUtcNow();
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var part = Math.Min(end < 0 ? bytes.Length : end, LongestPart - open.Count);
            if (end == part && open.Count == 0)
            {
                Write(now, stream, bytes[..part], isWhole: true);
                bytes = bytes[(part + 1)..];
                continue;
            }
            open.AddRange(bytes[..part]);
            bytes = bytes[part..];
            if (end == part)
            {
                WriteOpen(now, stream, isWhole: true);
                bytes = bytes[1..];
            }
            else if (open.Count == LongestPart)
            {
                WriteOpen(now, stream, isWhole: false);
            }
        }
        Flush();
    }

    /// <summary>Writes what has no end yet as if it had: nothing will follow.</summary>
    public void End()
    {
        foreach (var stream in (LogStream[])[LogStream.Out, LogStream.Error])
            if (_open[(int)stream].Count > 0) WriteOpen(_time.GetUtcNow(), stream, isWhole: true);
        Flush();
    }

    public void Dispose()
    {
        End();
        _file?.Dispose();
    }

    private void WriteOpen(DateTimeOffset now, LogStream stream, bool isWhole)
    {
        var open = _open[(int)stream];
        Write(now, stream, CollectionsMarshal.AsSpan(open), isWhole);
        open.Clear();
    }

    /// <summary>The line waits for <see cref="Flush"/>: a flood would need a call of the system for each.</summary>
    private void Write(DateTimeOffset now, LogStream stream, ReadOnlySpan<byte> text, bool isWhole)
    {
        if (_length + _waiting.WrittenCount > 0
            && _length + _waiting.WrittenCount + LogLine.BytesFor(text) > _most)
        {
            Flush();
            if (!BeginAnother())
            {
                Lost++;
                return;
            }
        }
        LogLine.Write(_waiting, now, stream, isWhole, text);
        _lines++;
    }

    private void Flush()
    {
        if (_lines == 0) return;
        try
        {
            _file ??= Open();
            _file.Write(_waiting.WrittenSpan);
            _length += _waiting.WrittenCount;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A container must not wait for a disk, and a log is no reason to end it.
            Lost += _lines;
        }
        _waiting.ResetWrittenCount();
        _lines = 0;
    }

    private bool BeginAnother()
    {
        try
        {
            _file?.Dispose();
            _file = null;
            File.Move(_path, OlderOf(_path), overwrite: true);
            _file = Open();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Likewise: it is tried again with the next line.
            return false;
        }
    }

    private FileStream Open()
    {
        var file = new FileStream(_path, new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            UnixCreateMode = Mode,
        });
        _length = file.Length;
        return file;
    }
}
