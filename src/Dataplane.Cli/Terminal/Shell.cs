using System.Collections;
using System.Text;
using System.Text.Json;

namespace Dataplane.Cli.Terminal;

/// <summary>The program's environment: streams, terminals, privileges and variables.</summary>
internal sealed class Shell : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Stream _data;

    public Shell(Stream output, TextWriter error, TextReader input)
    {
        _data = output;
        Out = new StreamWriter(output, Utf8, bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" };
        Error = error;
        In = input;
    }

    /// <summary>Standard output, for data.</summary>
    public StreamWriter Out { get; }

    /// <summary>Standard error, for messages.</summary>
    public TextWriter Error { get; }

    public TextReader In { get; }

    public bool OutIsTerminal { get; init; }
    public bool ErrorIsTerminal { get; init; }
    public Ansi OutColours { get; init; } = Ansi.None;
    public Ansi ErrorColours { get; init; } = Ansi.None;

    /// <summary>True if the effective user is 0.</summary>
    public bool IsRoot { get; init; }

    /// <summary>
    /// Effective capabilities, CapEff of proc_pid_status(5): a bit for each capability of linux/capability.h.
    /// </summary>
    public ulong Capabilities { get; init; }

    /// <summary>The environment variables, by name.</summary>
    public IDictionary Environment { get; init; } = new Hashtable();

    /// <summary>The width that tables on standard output are printed for, in columns.</summary>
    public int Width => TerminalWidth.Of(Environment, OutIsTerminal);

    /// <summary>Standard output for binary data.</summary>
    public Stream Data => _data;

    /// <summary>True after the reader of standard output has closed it; streaming can end.</summary>
    public bool ReaderIsGone => _data is OutputStream { ReaderIsGone: true };

    /// <summary>True if DATAPLANE_DEBUG=1: an internal error is printed with its stack trace.</summary>
    public bool Debug { get; init; }

    public static Shell OfThisProcess()
    {
        var (output, errors) = OutputStream.OfThisProcess();
        var error = new StreamWriter(errors, Utf8) { AutoFlush = true, NewLine = "\n" };
        return new Shell(output, error, new StreamReader(Console.OpenStandardInput(), Utf8))
        {
            OutIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            OutColours = Ansi.For(Console.IsOutputRedirected),
            ErrorColours = Ansi.For(Console.IsErrorRedirected),
            IsRoot = System.Environment.IsPrivilegedProcess,
            Capabilities = Privilege.EffectiveCapabilities(),
            Environment = System.Environment.GetEnvironmentVariables(),
            Debug = System.Environment.GetEnvironmentVariable("DATAPLANE_DEBUG") == "1",
        };
    }

    /// <summary>
    /// Writes one JSON document and a line break directly to the stream. It is indented, one value a line, so that
    /// line-based diffs work.
    /// </summary>
    public void WriteJson(Action<Utf8JsonWriter> write)
    {
        using (var json = new Utf8JsonWriter(_data, JsonTexts.WriterOptions)) write(json);
        _data.Write("\n"u8);
    }

    public void Dispose()
    {
        Out.Dispose();
        Error.Flush();
    }
}
