using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Dataplane.Daemon.State;
using Dataplane.Kubernetes;
using Dataplane.Node.Addressing;

namespace Dataplane.Daemon.Store;

/// <summary>
/// A file of the store as text: YAML that a person can read and apply. What only the store has to know stands in comments, and a
/// sum over everything but its own line says whether the file is whole.
/// </summary>
internal static class StateText
{
    private const string Head = "# dataplane state, generation ", Sum = "# sha256 ", Deleted = "# deleted ", Address = "# address ", Last = "# last addresses ";
    private const string Document = "--- # ", Watched = "watched ", Only = "only ", From = "from ", Nothing = "-";
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static byte[] Write(StateFile file)
    {
        var body = new StringBuilder();
        foreach (var key in file.Deleted) body.Append(Deleted).Append(key).Append('\n');
        foreach (var (pod, addresses) in file.Leases.Pods.OrderBy(l => l.Key, StringComparer.Ordinal))
            body.Append(Address).Append(pod).Append(' ').Append(Text(addresses.IPv4)).Append(' ').Append(Text(addresses.IPv6)).Append('\n');
        body.Append(Last).Append(Text(file.Leases.LastIPv4)).Append(' ').Append(Text(file.Leases.LastIPv6)).Append('\n');
        foreach (var document in file.Documents)
        {
            body.Append(Document);
            if (document.Held.Watched is not null) body.Append(Watched);
            if (document.IsPart) body.Append(Only).AppendJoin("; ", document.Objects.Select(ObjectKey.Of)).Append(' ');
            body.Append(CultureInfo.InvariantCulture, $"{From}{document.Held.Document.File}:{document.Held.Document.FirstLine}\n");
            body.Append(document.Held.Document.Text);
        }
        var head = $"{Head}{file.Generation.ToString(CultureInfo.InvariantCulture)}\n";
        return Utf8.GetBytes($"{head}{Sum}{SumOf(head, body.ToString())}\n{body}");
    }

    /// <exception cref="FormatException">The file is not what was written; the message says how.</exception>
    public static StateFile Read(ReadOnlySpan<byte> bytes)
    {
        var parts = Split(bytes);
        return new StateFile(parts.Generation, parts.Deleted, parts.Leases, Concurrent.Map(parts.Documents, d => d.Load()));
    }

    /// <summary>Everything but what the documents say.</summary>
    /// <exception cref="FormatException">The file is not what was written; the message says how.</exception>
    public static StateParts Split(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Split(Utf8.GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            throw new FormatException("it is not text");
        }
    }

    private static StateParts Split(string text)
    {
        var head = Line(text, 0);
        var sum = Line(text, head.Length);
        var body = text[(head.Length + sum.Length)..];
        if (!head.StartsWith(Head, StringComparison.Ordinal) || sum != $"{Sum}{SumOf(head, body)}\n") throw new FormatException("its sum is wrong: it was changed, or cut off");

        // The sum is right, so we wrote this; another version of the program may have.
        var deleted = new List<ObjectKey>();
        var leases = ImmutableDictionary.CreateBuilder<string, PodAddresses>();
        IPAddress? last4 = null, last6 = null;
        var at = 0;
        for (; at < body.Length && Line(body, at) is var line && !line.StartsWith(Document, StringComparison.Ordinal); at += line.Length)
        {
            if (Words(line, Deleted) is [var kind, var name]) deleted.Add(new ObjectKey(kind, name));
            else if (Words(line, Address) is [var pod, var four, var six]) leases[pod] = new PodAddresses(Parsed(four), Parsed(six));
            else if (Words(line, Last) is [var lastFour, var lastSix]) (last4, last6) = (Parsed(lastFour), Parsed(lastSix));
            else throw new FormatException($"it has a line that is not understood: {line.TrimEnd()}");
        }
        var documents = new List<DocumentPart>();
        while (at < body.Length)
        {
            var marker = Line(body, at);
            at += marker.Length;
            // No text of a document has a line that begins so: there the document would have ended.
            var next = body.IndexOf("\n" + Document, Math.Max(0, at - 1), StringComparison.Ordinal);
            var end = next < 0 ? body.Length : next + 1;
            documents.Add(ReadMarker(marker[Document.Length..^1], body[at..end]));
            at = end;
        }
        return new StateParts(long.Parse(head[Head.Length..^1], NumberStyles.None, CultureInfo.InvariantCulture), deleted,
            new Leases(leases.ToImmutable(), last4, last6), documents);
    }

    private static DocumentPart ReadMarker(string remark, string text)
    {
        var watched = Taken(ref remark, Watched);
        List<ObjectKey>? only = null;
        if (Taken(ref remark, Only))
        {
            var end = remark.IndexOf(" " + From, StringComparison.Ordinal);
            if (end < 0) throw new FormatException($"it has a document without a place: {remark}");
            only = [.. remark[..end].Split("; ").Select(k => k.Split(' ')).Select(k => k is [var kind, var name] ? new ObjectKey(kind, name) : throw new FormatException($"it names no object: {remark}"))];
            remark = remark[(end + 1)..];
        }
        var colon = remark.LastIndexOf(':');
        if (!Taken(ref remark, From) || (colon -= From.Length) < 0
            || !int.TryParse(remark.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var line) || line < 1)
            throw new FormatException($"it has a document without a place: {remark}");
        return new DocumentPart(remark[..colon], line, watched, only, text);
    }

    private static string SumOf(string head, string body) => Convert.ToHexStringLower(SHA256.HashData(Utf8.GetBytes(head + body)));

    /// <summary>With its end; shorter at the end of the text.</summary>
    private static string Line(string text, int at) => text.IndexOf('\n', at) is var end and >= 0 ? text[at..(end + 1)] : text[at..];

    private static string[]? Words(string line, string prefix) =>
        line.StartsWith(prefix, StringComparison.Ordinal) ? line[prefix.Length..].TrimEnd('\n').Split(' ') : null;

    private static bool Taken(ref string text, string prefix)
    {
        if (!text.StartsWith(prefix, StringComparison.Ordinal)) return false;
        text = text[prefix.Length..];
        return true;
    }

    private static string Text(IPAddress? address) => address?.ToString() ?? Nothing;

    private static IPAddress? Parsed(string text) => text == Nothing ? null : IPAddress.Parse(text);
}
