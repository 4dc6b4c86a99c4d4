using System.Net;
using Dataplane.Api;
using Dataplane.Services.Names;

namespace Dataplane.Cli.Dns;

/// <summary>One question of a resolver, and what came of it.</summary>
/// <param name="Name">Without a final dot.</param>
/// <param name="Code">What the server answered, or one of the words here, where it did not.</param>
internal sealed record DnsStep(string Name, RecordKind Kind, string Code, IReadOnlyList<string> Records)
{
    /// <summary>The drop log has the question.</summary>
    public const string Denied = "DENIED";

    /// <summary>An ICMP error or a reset came: nothing is behind the address.</summary>
    public const string Unreachable = "UNREACHABLE";

    /// <summary>The answer is longer than a datagram: the question is asked again by TCP.</summary>
    public const string Truncated = "TRUNCATED";

    /// <summary>Neither an answer nor a witness that there can be none.</summary>
    public const string Silence = "SILENCE";

    /// <summary>Who was asked; null: nobody, it was computed.</summary>
    public IPAddress? Server { get; init; }

    /// <summary>By TCP, not UDP.</summary>
    public bool ByTcp { get; init; }

    public TimeSpan Time { get; init; }

    /// <summary>The entry of the drop log of a question that was denied.</summary>
    public FlowEntry? Drop { get; init; }

    public bool IsAnswered => Code is not (Denied or Unreachable or Silence);

    /// <summary>A resolver asks the next server after such an answer (resolv.conf(5), res_send of glibc).</summary>
    public bool AsksNext => !IsAnswered || Code is "SERVFAIL" or "NOTIMP" or "REFUSED";

    public bool HasAddress => Records.Any(r => IPAddress.TryParse(r, out _));
}
