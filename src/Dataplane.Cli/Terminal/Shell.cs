using System.Collections;
using System.Text;
using System.Text.Json;
using Dataplane.Linux.Files;
using Dataplane.Node.Diagnosis;

namespace Dataplane.Cli.Terminal;

/// <summary>The program's environment: streams, terminals, privileges and variables.</summary>
internal sealed class Shell : IDisposable
{
    private readonly Stream _data;

    /// <param name="encoding">Of standard output; null: UTF-8.</param>
    public Shell(Stream output, TextWriter error, TextReader input, Encoding? encoding = null)
    {
        _data = output;
        Out = Writer(encoding ?? TerminalText.Utf8);
        Error = new Printer(error);
        In = input;
    }

    /// <summary>Standard output, for data.</summary>
    public Printer Out { get; private set; }

    /// <summary>Standard error, for messages.</summary>
    public Printer Error { get; }

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

    /// <summary>True if standard output is this process's own, and no file.</summary>
    public bool CanLoseItsReader => _data is OutputStream;

    /// <summary>True after the reader of standard output has closed it; streaming can end.</summary>
    public bool ReaderIsGone => _data is OutputStream { ReaderIsGone: true };

    /// <summary>True if DATAPLANE_DEBUG=1: an internal error is printed with its stack trace.</summary>
    public bool Debug { get; init; }

    public static Shell OfThisProcess()
    {
        var (output, errors) = OutputStream.OfThisProcess();
        var environment = System.Environment.GetEnvironmentVariables();
        var encoding = TerminalText.Of(environment);
        var error = new StreamWriter(errors, encoding) { AutoFlush = true, NewLine = "\n" };
        var input = InheritedDescriptor.Is(0)
            ? new StreamReader(Console.OpenStandardInput(), TerminalText.Utf8)
            : TextReader.Null;
        return new Shell(output, error, input, encoding)
        {
            OutIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            OutColours = Ansi.For(Console.IsOutputRedirected),
            ErrorColours = Ansi.For(Console.IsErrorRedirected),
            IsRoot = System.Environment.IsPrivilegedProcess,
            Capabilities = NodeCapabilities.Effective(),
            Environment = environment,
            Debug = System.Environment.GetEnvironmentVariable("DATAPLANE_DEBUG") == "1",
        };
    }

    /// <summary>
    /// What is printed from here on is for programs: UTF-8 whatever the locale, since it may be read back.
    /// </summary>
    public void PrintsData()
    {
        Out.Flush();
        Out = Writer(TerminalText.Utf8);
    }

    /// <summary>
    /// Writes one JSON document and a line break directly to the stream. It is indented, one value a line, so that
    /// line-based diffs work.
    /// </summary>
    public void WriteJson(Action<Utf8JsonWriter> write)
    {
        using (var json = new Utf8JsonWriter(new VisibleJson(_data), JsonTexts.WriterOptions)) write(json);
        _data.Write("\n"u8);
    }

    /// <summary>
    /// Writes text that others wrote and that may be read back. It stays exactly as it is, except on a terminal.
    /// </summary>
    public void WriteDocument(string text)
    {
        if (OutIsTerminal)
        {
            Out.Write(text.Replace("\r\n", "\n", StringComparison.Ordinal));
            return;
        }
        Out.Flush();
        _data.Write(TerminalText.Utf8.GetBytes(text));
    }

    private Printer Writer(Encoding encoding) =>
        new(new StreamWriter(_data, encoding, bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" });

    /// <summary>What cannot be written is lost: a caller who must know flushes before.</summary>
    public void Dispose()
    {
        try
        {
            Out.Dispose();
            Error.Flush();
        }
        catch (IOException)
        {
            // The command has reported it, and has ended.
        }
    }
}
