using Dataplane.Linux.Native;
using Dataplane.Linux.Programs;
using Dataplane.Runtime.Logs;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Supervisor.Output;

/// <summary>What a run of a container writes, from its pipes to its log, by the thread that watches them.</summary>
internal sealed class ContainerOutput
{
    /// <summary>One that floods gets no longer turn than that.</summary>
    private const int TurnBytes = ProgramPipe.Bytes;

    /// <summary>What is read at the end, where somebody may still be writing.</summary>
    private const int LastTurns = 32;

    private static readonly byte[] Buffer = new byte[TurnBytes];

    private readonly DescriptorWatch _watch;
    private readonly LogFile _log;
    private readonly SafeFileHandle?[] _ends = new SafeFileHandle?[2];

    /// <param name="watch">One for all: its thread is the only one that reads.</param>
    /// <param name="log">Is disposed at the end.</param>
    /// <param name="ends">Of the pipes, that of errors second.</param>
    public ContainerOutput(DescriptorWatch watch, LogFile log, IReadOnlyList<SafeFileHandle> ends)
    {
        (_watch, _log) = (watch, log);
        for (var i = 0; i < _ends.Length; i++)
        {
            var stream = i;
            _ends[i] = ends[i];
            watch.Add(ends[i], () => Take(stream));
        }
    }

    /// <summary>Nobody writes any more: takes what is still there, and closes the log.</summary>
    /// <param name="done">Called by another thread.</param>
    public void End(Action done) => _watch.Do(() =>
    {
        for (var stream = 0; stream < _ends.Length; stream++)
        {
            for (var turn = 0; turn < LastTurns && Take(stream); turn++)
            {
            }
            Close(stream);
        }
        _log.Dispose();
        done();
    });

    /// <returns>False: there is nothing at the moment, or never more.</returns>
    private bool Take(int stream)
    {
        if (_ends[stream] is not { } end) return false;
        int? read;
        try
        {
            read = ProgramPipe.Read(end, Buffer);
        }
        catch (LinuxException)
        {
            read = 0;
        }
        if (read > 0) _log.Add((LogStream)stream, Buffer.AsSpan(0, read.Value));
        // Whoever could write has closed it.
        else if (read == 0) Close(stream);
        return read > 0;
    }

    private void Close(int stream)
    {
        if (_ends[stream] is { } end) _watch.Close(end);
        _ends[stream] = null;
    }
}
