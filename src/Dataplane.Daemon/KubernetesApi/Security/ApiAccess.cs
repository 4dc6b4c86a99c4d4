using System.Security.Cryptography;
using System.Text;
using Dataplane.ApiMachinery.Statuses;
using Microsoft.AspNetCore.Http;

namespace Dataplane.Daemon.KubernetesApi.Security;

/// <summary>Who asks.</summary>
/// <param name="MayWrite">False: it may read.</param>
internal sealed record ApiUser(string Name, bool MayWrite)
{
    public IReadOnlyList<string> Groups => MayWrite ? ["system:masters", "system:authenticated"]
        : ["dataplane:readers", "system:authenticated"];
}

/// <summary>Tells users by their tokens, or by the certificates of clients.</summary>
internal sealed class ApiAccess(ApiIdentity identity)
{
    /// <summary>What the organisation of an administrator's certificate is.</summary>
    private const string Masters = "system:masters";

    private const string Scheme = "Bearer ";

    private readonly byte[] _token = Digest(identity.Token), _readToken = Digest(identity.ReadToken);

    /// <exception cref="StatusException">Nobody that is known.</exception>
    public ApiUser UserOf(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            // Digests have one length, so the time of the comparison tells nothing about the token.
            var given = Digest(header[Scheme.Length..].Trim());
            var (isAll, isRead) = (CryptographicOperations.FixedTimeEquals(given, _token),
                CryptographicOperations.FixedTimeEquals(given, _readToken));
            if (isAll) return new ApiUser("dataplane-admin", MayWrite: true);
            if (isRead) return new ApiUser("dataplane-reader", MayWrite: false);
        }
        else if (http.Connection.ClientCertificate is { } certificate)
        {
            var name = certificate.GetNameInfo(System.Security.Cryptography.X509Certificates.X509NameType.SimpleName,
                false);
            var isMaster = certificate.SubjectName.EnumerateRelativeDistinguishedNames()
                .Any(part => part.GetSingleElementType().Value == "2.5.4.10"
                    && part.GetSingleElementValue() == Masters);
            return new ApiUser(name, isMaster);
        }
        throw new StatusException(StatusReason.Unauthorized, "Unauthorized");
    }

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
