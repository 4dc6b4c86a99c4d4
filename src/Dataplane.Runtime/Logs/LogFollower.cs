using Dataplane.Linux.Files;

namespace Dataplane.Runtime.Logs;

/// <summary>
/// Reads a log from its begin and on while it is written, also when a file of it is full and another one is begun. For
/// one thread at a time.
/// </summary>
/// <param name="path">Of the newer file; it may not be there yet.</param>
public sealed class LogFollower(string path) : IDisposable
{
    /// <summary>A longer line is none of a log: <see cref="LogFile.LongestPart"/> and its front.</summary>
    private const int LongestLine = LogFile.LongestPart + 128;

    private static readonly FileStreamOptions Options = new()
    {
        Mode = FileMode.Open,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
    };

    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly List<byte> _line = [];
    private FileStream? _file;

    /// <summary>
    /// The lines and parts of lines that have come since the last call. A file that is written again before it was read
    /// is left out.
    /// </summary>
    public IEnumerable<LogLine> ReadNew()
    {
        _file ??= Open(LogFile.OlderOf(path)) ?? Open(path);
        while (_file is not null)
        {
            // Looked at first: nothing is written to a file once another one has its name.
            var next = Open(path);
            while (_file.Read(_buffer) is > 0 and var length)
            {
                foreach (var line in Lines(length)) yield return line;
            }
            if (next is null) yield break;
            if (FileIdentity.Of(next.SafeFileHandle) == FileIdentity.Of(_file.SafeFileHandle))
            {
                next.Dispose();
                yield break;
            }
            _file.Dispose();
            _file = next;
            _line.Clear();
        }
    }

    public void Dispose() => _file?.Dispose();

    private IEnumerable<LogLine> Lines(int length)
    {
        for (var i = 0; i < length; i++)
        {
            if (_buffer[i] != '\n')
            {
                if (_line.Count < LongestLine) _line.Add(_buffer[i]);
                continue;
            }
            var line = LogLine.Parse(_line.ToArray());
            _line.Clear();
            if (line is { } read) yield return read;
        }
    }

    private static FileStream? Open(string name)
    {
        try
        {
            return new FileStream(name, Options);
        }
        catch (IOException)
        {
            // It is not there, or its container has gone.
            return null;
        }
    }
}
