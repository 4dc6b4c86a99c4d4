using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dataplane.Control.State;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Control.Store;

/// <summary>
/// A file of the store as text: YAML that a person can read and apply. What only the store needs is in comments. A
/// checksum of all lines except its own says whether the file is complete.
/// </summary>
internal static class StateText
{
    private const string Head = "# dataplane state, generation ", Sum = "# sha256 ";
    private const string Deleted = "# deleted ";
    private const string Document = "--- # ", Watched = "watched ", Attached = "attached ";
    private const string Only = "only ", From = "from ";
    private const string In = "in ";

    /// <summary>
    /// Bytes: a checksum as text, and estimates for everything before the first document, one lease, and the line
    /// before a document.
    /// </summary>
    private const int SumLength = 64, HeaderLength = 256, LeaseLength = 96, MarkerLength = 64;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static ReadOnlySpan<byte> DocumentBytes => "--- # "u8;
    private static ReadOnlySpan<byte> DocumentLine => "\n--- # "u8;

    public static ReadOnlyMemory<byte> Write(StateFile file)
    {
        // Large enough from the start for ordinary states: a buffer that grows doubles, and this one is as large as the
        // state.
        var documents = file.Documents.Sum(d => d.Held.Utf8.Length + MarkerLength);
        var bytes = new MemoryStream(documents
            + (file.Leases.Pods.Count + file.Leases.Services.Services.Count) * LeaseLength + HeaderLength);
        using var text = new StreamWriter(bytes, Utf8, leaveOpen: true);
        text.Write($"{Head}{file.Generation.ToString(CultureInfo.InvariantCulture)}\n");
        text.Flush();
        var head = (int)bytes.Length;
        text.Write($"{Sum}{new string('0', SumLength)}\n");
        text.Flush();
        var body = (int)bytes.Length;
        foreach (var key in file.Deleted) text.Write($"{Deleted}{key}\n");
        LeaseText.Write(text, file.Leases);
        RecordText.Write(text, file.Records);
        foreach (var document in file.Documents)
        {
            text.Write(Document);
            if (document.Held.Watched is not null) text.Write(Watched);
            if (document.Held.IsAttachment) text.Write(Attached);
            if (document.IsPart) text.Write($"{Only}{string.Join("; ", document.Objects.Select(ObjectKey.Of))} ");
            if (document.Held.Namespace is { } ns) text.Write($"{In}{ns} ");
            var line = document.Held.FirstLine.ToString(CultureInfo.InvariantCulture);
            text.Write($"{From}{OnOneLine(document.Held.File)}:{line}\n");
            text.Flush();
            bytes.Write(document.Held.Utf8);
        }
        text.Flush();
        var all = bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
        Encoding.ASCII.GetBytes(SumOf(all.Span[..head], all.Span[body..]), all.Span[(head + Sum.Length)..]);
        return all;
    }

    /// <summary>Reads a file and parses its documents.</summary>
    /// <exception cref="FormatException">The file is not what was written; the message says how.</exception>
    public static StateFile Read(ReadOnlySpan<byte> bytes)
    {
        var parts = Split(bytes);
        var documents = Concurrent.Map(parts.Documents, d => d.Load());
        return new StateFile(parts.Generation, parts.Deleted, parts.Leases, documents) { Records = parts.Records };
    }

    /// <summary>Reads a file without parsing its documents.</summary>
    /// <exception cref="FormatException">The file is not what was written; the message says how.</exception>
    public static StateParts Split(ReadOnlySpan<byte> bytes)
    {
        if (!System.Text.Unicode.Utf8.IsValid(bytes)) throw new FormatException("it is not text");
        var head = Line(bytes);
        var sum = Line(bytes[head.Length..]);
        var body = bytes[(head.Length + sum.Length)..];
        var first = Utf8.GetString(head);
        if (!first.StartsWith(Head, StringComparison.Ordinal) || Utf8.GetString(sum) != $"{Sum}{SumOf(head, body)}\n")
            throw new FormatException("its sum is wrong: it was changed, or cut off");
        var parts = ReadComments(ref body) with
        {
            Generation = long.Parse(first[Head.Length..^1], NumberStyles.None, CultureInfo.InvariantCulture),
        };
        var documents = new List<DocumentPart>();
        while (body.Length > 0)
        {
            var marker = Line(body);
            // No document has a line that begins like a marker: the document would end there.
            var next = body[(marker.Length - 1)..].IndexOf(DocumentLine);
            var text = next < 0 ? body[marker.Length..] : body[marker.Length..(marker.Length + next)];
            documents.Add(ReadMarker(Utf8.GetString(marker[Document.Length..^1]), text.ToArray()));
            body = body[(marker.Length + text.Length)..];
        }
        return parts with { Documents = documents };
    }

    /// <summary>
    /// The comment lines before the first document. The checksum is right, but another version may have written them.
    /// </summary>
    private static StateParts ReadComments(ref ReadOnlySpan<byte> body)
    {
        var deleted = new List<ObjectKey>();
        var (leases, records) = (new LeaseText(), new RecordText());
        for (; body.Length > 0 && !body.StartsWith(DocumentBytes); body = body[Line(body).Length..])
        {
            var line = Utf8.GetString(Line(body));
            if (LeaseText.Words(line, Deleted) is [var kind, var name])
                deleted.Add(new ObjectKey(kind, name));
            else if (!leases.TryRead(line) && !records.TryRead(line))
                throw new FormatException($"it has a line that is not understood: {line.TrimEnd()}");
        }
        return new StateParts(0, deleted, leases.ToLeases(), []) { Records = records.ToRecords() };
    }

    private static DocumentPart ReadMarker(string remark, byte[] text)
    {
        var (watched, attached) = (Taken(ref remark, Watched), Taken(ref remark, Attached));
        List<ObjectKey>? only = null;
        if (Taken(ref remark, Only))
        {
            // Names of objects have neither of these words and no blank but the one in front of the name.
            var end = EndOfNames(remark);
            if (end < 0) throw new FormatException($"it has a document without a place: {remark}");
            var line = remark;
            only = [.. remark[..end].Split("; ").Select(k => k.Split(' ') is [var kind, var name]
                ? new ObjectKey(kind, name) : throw new FormatException($"it names no object: {line}"))];
            remark = remark[(end + 1)..];
        }
        string? ns = null;
        if (Taken(ref remark, In))
        {
            ns = remark.Split(' ')[0];
            remark = remark[Math.Min(ns.Length + 1, remark.Length)..];
        }
        var colon = remark.LastIndexOf(':');
        if (!Taken(ref remark, From) || (colon -= From.Length) < 0
            || !int.TryParse(remark[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var firstLine)
            || firstLine < 1)
        {
            throw new FormatException($"it has a document without a place: {remark}");
        }
        return new DocumentPart(Unfolded(remark[..colon]), firstLine, watched, only, text)
        {
            Namespace = ns, IsAttachment = attached,
        };
    }

    /// <summary>
    /// The name of a file may have any characters: a line end in it must not begin a line of ours.
    /// </summary>
    private static string OnOneLine(string name) => name
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Unfolded(string name) => !name.Contains('\\') ? name : string.Join('\\',
        name.Split("\\\\").Select(part => part.Replace("\\n", "\n", StringComparison.Ordinal)));

    private static int EndOfNames(string remark)
    {
        var (place, from) = (
            remark.IndexOf(" " + In, StringComparison.Ordinal), remark.IndexOf(" " + From, StringComparison.Ordinal));
        return place >= 0 && place < from ? place : from;
    }

    /// <summary>Checksum of all lines except the checksum line.</summary>
    private static string SumOf(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sum.AppendData(head);
        sum.AppendData(body);
        return Convert.ToHexStringLower(sum.GetHashAndReset());
    }

    /// <summary>The first line with its line feed, or the whole text where there is none.</summary>
    private static ReadOnlySpan<byte> Line(ReadOnlySpan<byte> text) =>
        text[..(text.IndexOf((byte)'\n') + 1 is var end and > 0 ? end : text.Length)];

    private static bool Taken(ref string text, string prefix)
    {
        if (!text.StartsWith(prefix, StringComparison.Ordinal)) return false;
        text = text[prefix.Length..];
        return true;
    }
}
