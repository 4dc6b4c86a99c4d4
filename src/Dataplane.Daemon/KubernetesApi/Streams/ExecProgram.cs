using System.Text;
using Dataplane.Linux.Native;
using Dataplane.Linux.Programs;
using Dataplane.Runtime.Launching;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Daemon.KubernetesApi.Streams;

/// <summary>A program beside that of a container, and the ends of what it hears and says.</summary>
internal sealed class ExecProgram : IDisposable
{
    /// <summary>More is not read of why it did not begin.</summary>
    private const int LongestReason = 4 << 10;

    private readonly OwnChild _child;
    private readonly ProgramStream _status;

    private ExecProgram(OwnChild child, ProgramStream status) => (_child, _status) = (child, status);

    /// <summary>Null: nobody has anything to say to it.</summary>
    public ProgramStream? Input { get; private init; }

    /// <summary>Null: nobody listens. With a terminal it is the same as the input.</summary>
    public ProgramStream? Output { get; private init; }

    /// <inheritdoc cref="Output"/>
    public ProgramStream? Errors { get; private init; }

    public Task<ProgramEnd> Ended => _child.Ended;

    /// <param name="supervisor">The path of the program that becomes it.</param>
    /// <exception cref="LinuxException">EAGAIN, ENOMEM, EMFILE, ENOENT.</exception>
    public static ExecProgram Start(string supervisor, BesideStart start, StreamRequest asked)
    {
        var ends = new List<SafeFileHandle>();
        var theirs = new List<SafeFileHandle>();
        try
        {
            var (status, told) = Kept(ProgramPipe.MakeUnnamed());
            var content = ProgramPipe.Hold(start.ToJson());
            theirs.AddRange([told, content]);
            SafeFileHandle? input = null, output = null, errors = null;
            SafeFileHandle[] standard;
            if (start.HasTerminal)
            {
                var (own, program) = Kept(PseudoTerminal.Open());
                theirs.Add(program);
                (input, output, standard) = (own, own, [program, program, program]);
            }
            else
            {
                standard = [Theirs(asked.Input ? Reversed(ProgramPipe.MakeWaiting()) : null, out input),
                    Theirs(asked.Output ? ProgramPipe.MakeUnnamed() : null, out output),
                    Theirs(asked.Errors ? ProgramPipe.MakeUnnamed() : null, out errors)];
            }
            var child = OwnChild.Start([supervisor, "exec"], [.. standard, told, content]);
            var inputStream = input is null ? null : new ProgramStream(input);
            return new ExecProgram(child, new ProgramStream(status))
            {
                Input = inputStream,
                Output = start.HasTerminal ? inputStream : output is null ? null : new ProgramStream(output),
                Errors = errors is null ? null : new ProgramStream(errors),
            };
        }
        catch
        {
            foreach (var end in ends) end.Dispose();
            throw;
        }
        finally
        {
            foreach (var end in theirs) end.Dispose();
        }

        (SafeFileHandle Own, SafeFileHandle Program) Kept((SafeFileHandle Own, SafeFileHandle Program) pair)
        {
            ends.Add(pair.Own);
            return pair;
        }

        SafeFileHandle Theirs((SafeFileHandle Own, SafeFileHandle Program)? pair, out SafeFileHandle? own)
        {
            own = pair is { } made ? Kept(made).Own : null;
            var program = pair?.Program ?? ProgramPipe.Nothing();
            theirs.Add(program);
            return program;
        }

        static (SafeFileHandle, SafeFileHandle) Reversed((SafeFileHandle Read, SafeFileHandle Write) ends) =>
            (ends.Write, ends.Read);
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

    /// <summary>Hangs up: its input is at its end, nobody listens, and a terminal tells its programs (SIGHUP).</summary>
    public void HangUp()
    {
        Input?.Dispose();
        Output?.Dispose();
        Errors?.Dispose();
    }

    /// <summary>Ends it, and what it has started in its process group.</summary>
    public void Kill() => _child.Kill();

    public void Resize(ushort columns, ushort rows)
    {
        if (Output is not null) PseudoTerminal.Resize(Output.Handle, columns, rows);
    }

    public void Dispose()
    {
        HangUp();
        _status.Dispose();
    }
}
