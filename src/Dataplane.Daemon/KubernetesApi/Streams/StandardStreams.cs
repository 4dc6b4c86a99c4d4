using Dataplane.Linux.Native;
using Dataplane.Linux.Programs;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Daemon.KubernetesApi.Streams;

/// <summary>What a program hears and says: pipes, or a terminal. Disposing hangs up.</summary>
internal sealed class StandardStreams : IDisposable
{
    private readonly bool _isTerminal;

    private StandardStreams(bool isTerminal, IReadOnlyList<SafeFileHandle> program) =>
        (_isTerminal, Program) = (isTerminal, program);

    /// <summary>The program's ends, 0 to 2, until it has begun.</summary>
    public IReadOnlyList<SafeFileHandle> Program { get; }

    /// <summary>Null: nobody has anything to say to it.</summary>
    public ProgramStream? Input { get; private init; }

    /// <summary>Null: nobody listens. With a terminal it is the same as the input.</summary>
    public ProgramStream? Output { get; private init; }

    /// <inheritdoc cref="Output"/>
    public ProgramStream? Errors { get; private init; }

    /// <exception cref="LinuxException">EMFILE, ENFILE, ENOSPC: there are too many already.</exception>
    public static StandardStreams Make(StreamRequest asked)
    {
        if (asked.HasTerminal)
        {
            var (own, program) = PseudoTerminal.Open();
            var terminal = new ProgramStream(own);
            return new StandardStreams(isTerminal: true, [program, program, program])
            {
                Input = asked.Input ? terminal : null, Output = terminal,
            };
        }
        var (input, told) = Told(asked.Input);
        var ((output, heard), (errors, heardErrors)) = (Heard(asked.Output), Heard(asked.Errors));
        return new StandardStreams(isTerminal: false, [input, output, errors])
        {
            Input = told, Output = heard, Errors = heardErrors,
        };
    }

    /// <summary>The program has them now.</summary>
    public void CloseProgram()
    {
        foreach (var end in Program) end.Dispose();
    }

    /// <summary>Nothing happens without a terminal.</summary>
    public void Resize(ushort columns, ushort rows)
    {
        if (_isTerminal) PseudoTerminal.Resize(Output!.Handle, columns, rows);
    }

    public void Dispose()
    {
        CloseProgram();
        Input?.Dispose();
        Output?.Dispose();
        Errors?.Dispose();
    }

    private static (SafeFileHandle Program, ProgramStream? Own) Told(bool isWanted)
    {
        if (!isWanted) return (ProgramPipe.Nothing(), null);
        var (read, write) = ProgramPipe.MakeWaiting();
        return (read, new ProgramStream(write));
    }

    private static (SafeFileHandle Program, ProgramStream? Own) Heard(bool isWanted)
    {
        if (!isWanted) return (ProgramPipe.Nothing(), null);
        var (read, write) = ProgramPipe.MakeUnnamed();
        return (write, new ProgramStream(read));
    }
}
