using System.Text;

namespace Dataplane.Dns.Feeding;

/// <summary>Lines of ASCII, none of which is longer than allowed.</summary>
internal sealed class BoundedLines(Stream stream, int longest)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start, _end;

    /// <returns>Null: the other side has ended.</returns>
    /// <exception cref="FormatException">A line is too long.</exception>
    public async ValueTask<string?> NextAsync()
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length > longest || (length < 0 && _end - _start > longest))
                throw new FormatException($"a line of more than {longest} characters");
            if (length >= 0)
            {
                var line = Encoding.ASCII.GetString(_buffer, _start, length);
                _start += length + 1;
                return line;
            }
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            var read = await stream.ReadAsync(_buffer.AsMemory(_end));
            if (read == 0) return null;
            _end += read;
        }
    }
}
