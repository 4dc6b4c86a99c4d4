using System.Buffers;
using System.Text;
using Dataplane.Runtime.Logs;

namespace Dataplane.Runtime.Tests.Logs;

/// <summary>A log that is read while it is written.</summary>
public sealed class LogFollowerTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Every_line_is_read_once_over_the_change_of_files()
    {
        var path = _directory["log"];
        using var follower = new LogFollower(path);
        Assert.Empty(follower.ReadNew());
        using var log = new LogFile(path, TimeProvider.System, most: 200);
        var (read, written) = (new List<string>(), new List<string>());
        for (var i = 0; i < 50; i++)
        {
            written.Add($"line {i}");
            log.Add(LogStream.Out, Encoding.UTF8.GetBytes($"line {i}\n"));
            if (i % 2 == 0) read.AddRange(New());
        }
        read.AddRange(New());
        Assert.Equal(written, read);
        Assert.Empty(New());

        IEnumerable<string> New() => follower.ReadNew().Select(l => Encoding.UTF8.GetString(l.Text.Span));
    }

    [Fact]
    public void It_begins_with_the_older_file_and_waits_for_the_end_of_a_line()
    {
        var path = _directory["log"];
        var written = new ArrayBufferWriter<byte>();
        LogLine.Write(written, default, LogStream.Out, true, "a"u8);
        var line = written.WrittenSpan.ToArray();
        File.WriteAllBytes(LogFile.OlderOf(path), line);
        File.WriteAllBytes(path, [.. line, .. line[..20]]);
        using var follower = new LogFollower(path);
        Assert.Equal(2, follower.ReadNew().Count());
        using (var more = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
            more.Write(line.AsSpan(20));
        Assert.Equal("a", Encoding.UTF8.GetString(Assert.Single(follower.ReadNew()).Text.Span));
    }
}
