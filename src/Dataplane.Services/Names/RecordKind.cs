namespace Dataplane.Services.Names;

/// <summary>Types of DNS records, with their numbers (RFC 1035, 2782, 3596).</summary>
public enum RecordKind
{
    A = 1,
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Ptr = 12,
    Txt = 16,
    Aaaa = 28,
    Srv = 33,
}
