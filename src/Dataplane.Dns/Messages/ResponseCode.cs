namespace Dataplane.Dns.Messages;

/// <summary>RFC 1035 4.1.1 and RFC 6891 9; the number is the code.</summary>
internal enum ResponseCode
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NoSuchName = 3,
    NotImplemented = 4,
    Refused = 5,
    BadVersion = 16,
}
