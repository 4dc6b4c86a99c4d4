using System.Text;
using Dataplane.Linux.Native;
using Dataplane.Linux.Programs;
using Dataplane.Runtime.Launching;

namespace Dataplane.Daemon.KubernetesApi.Streams;

/// <summary>A program beside that of a container.</summary>
internal sealed class ExecProgram : IDisposable
{
    /// <summary>More is not read of why it did not begin.</summary>
    private const int LongestReason = 4 << 10;

    private readonly OwnChild _child;
    private readonly ProgramStream _status;

    private ExecProgram(OwnChild child, ProgramStream status, StandardStreams streams) =>
        (_child, _status, Streams) = (child, status, streams);

    public StandardStreams Streams { get; }

    public Task<ProgramEnd> Ended => _child.Ended;

    /// <param name="supervisor">The path of the program that becomes it.</param>
    /// <exception cref="LinuxException">EAGAIN, ENOMEM, EMFILE, ENOENT.</exception>
    public static ExecProgram Start(string supervisor, BesideStart start, StreamRequest asked)
    {
        var streams = StandardStreams.Make(asked);
        try
        {
            using var content = ProgramPipe.Hold(start.ToJson());
            var (status, told) = ProgramPipe.MakeUnnamed();
            using (told)
            {
                var child = OwnChild.Start([supervisor, "exec"], [.. streams.Program, told, content]);
                streams.CloseProgram();
                return new ExecProgram(child, new ProgramStream(status), streams);
            }
        }
        catch
        {
            streams.Dispose();
            throw;
        }
    }

    /// <summary>Waits until it has begun.</summary>
    /// <returns>Why it has not; empty: it has.</returns>
    public async Task<string> BegunAsync(CancellationToken stop)
    {
        var (buffer, length) = (new byte[LongestReason], 0);
        while (length < buffer.Length && await _status.ReadAsync(buffer.AsMemory(length), stop) is > 0 and var read)
            length += read;
        return Encoding.UTF8.GetString(buffer.AsSpan(0, length)).TrimEnd();
    }

    /// <summary>Ends it, and what it has started in its process group.</summary>
    public void Kill() => _child.Kill();

    public void Dispose()
    {
        Streams.Dispose();
        _status.Dispose();
    }
}
