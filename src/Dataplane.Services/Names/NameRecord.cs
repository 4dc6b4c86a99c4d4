using System.Net;
using System.Net.Sockets;

namespace Dataplane.Services.Names;

/// <summary>A DNS record of a cluster. Names are in lower case, whole, and without a final dot.</summary>
/// <param name="Address">Of A and AAAA; otherwise null.</param>
/// <param name="Port">Of SRV; otherwise 0.</param>
/// <param name="Target">The name that CNAME, NS, PTR and SRV lead to, the text of TXT; otherwise null.</param>
public readonly record struct NameRecord(
    string Name, RecordKind Kind, IPAddress? Address = null, ushort Port = 0, string? Target = null)
{
    /// <summary>A or AAAA, as the family of the address has it.</summary>
    public static NameRecord Of(string name, IPAddress address) => new(name,
        address.AddressFamily == AddressFamily.InterNetwork ? RecordKind.A : RecordKind.Aaaa, address);

    public static NameRecord Alias(string name, string target) => new(name, RecordKind.Cname, Target: target);

    public static NameRecord Service(string name, ushort port, string target) =>
        new(name, RecordKind.Srv, null, port, target);

    /// <summary>From an address back to the name (RFC 1035 3.5, RFC 3596 2.5).</summary>
    public static NameRecord Pointer(IPAddress address, string target) =>
        new(ReverseName(address), RecordKind.Ptr, Target: target);

    /// <summary>The name that stands for an address: <c>4.3.2.1.in-addr.arpa</c> for 1.2.3.4.</summary>
    public static string ReverseName(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        Array.Reverse(bytes);
        return bytes.Length == 4 ? $"{string.Join('.', bytes)}.in-addr.arpa"
            : $"{string.Join('.', bytes.SelectMany(b => (string[])[$"{b & 15:x}", $"{b >> 4:x}"]))}.ip6.arpa";
    }
}

/// <summary>
/// The records that one step removes and adds. A name whose records are replaced has some in both.
/// </summary>
public sealed record NameChange(IReadOnlyList<NameRecord> Removed, IReadOnlyList<NameRecord> Added)
{
    public bool IsEmpty => Removed.Count == 0 && Added.Count == 0;
}
