using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dataplane.Daemon.Configuration;

namespace Dataplane.Daemon.KubernetesApi.Security;

/// <summary>
/// The authority of the API, its certificate, and the tokens that open it: made once, kept below the state directory,
/// readable by its owner alone.
/// </summary>
internal sealed class ApiIdentity
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int TokenBytes = 32;

    /// <summary>Of the authority; the server's own lasts as long, and is made anew with the addresses.</summary>
    private const int Years = 10;

    private readonly string _stateDirectory;

    private ApiIdentity(string stateDirectory, string authority, X509Certificate2 server, string token,
        string readToken) => (_stateDirectory, Authority, Server, Token, ReadToken) =
        (stateDirectory, authority, server, token, readToken);

    /// <summary>The certificate of the authority, PEM.</summary>
    public string Authority { get; }

    public X509Certificate2 Server { get; }

    /// <summary>It may do everything.</summary>
    public string Token { get; }

    /// <summary>It may read.</summary>
    public string ReadToken { get; }

    /// <summary>The configuration of kubectl with the first token.</summary>
    public string KubeconfigPath => KubernetesApiFiles.KubeconfigOf(_stateDirectory, mayWrite: true);

    /// <exception cref="IOException">The directory cannot be read or written.</exception>
    public static ApiIdentity Open(string stateDirectory, IPAddress address)
    {
        var directory = KubernetesApiFiles.DirectoryOf(stateDirectory);
        Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        string In(string name) => Path.Combine(directory, name);
        if (!File.Exists(In("ca.crt")) || !File.Exists(In("ca.key"))) MakeAuthority(In("ca.crt"), In("ca.key"));
        var authority = File.ReadAllText(In("ca.crt"));
        using var signer = X509Certificate2.CreateFromPem(authority, File.ReadAllText(In("ca.key")));
        return new ApiIdentity(stateDirectory, authority, MakeServer(signer, address), TokenOf(In("token")),
            TokenOf(In("token-read")));
    }

    /// <summary>Writes the configuration files of kubectl.</summary>
    public void WriteKubeconfigs(IPEndPoint at, string name)
    {
        Write(KubeconfigPath, Kubeconfig.Text(at, name, Authority, Token));
        Write(KubernetesApiFiles.KubeconfigOf(_stateDirectory, mayWrite: false),
            Kubeconfig.Text(at, $"{name}-read", Authority, ReadToken));
    }

    private static string TokenOf(string path)
    {
        if (!File.Exists(path))
        {
            Write(path, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes)) + "\n");
        }
        var token = File.ReadAllText(path).Trim();
        return token.Length >= TokenBytes ? token
            : throw new IOException(
                $"{path}: it holds no token of {TokenBytes} characters; remove it, and one is made");
    }

    private static void MakeAuthority(string certificate, string key)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=dataplane", pair, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var made = request.CreateSelfSigned(Begin, Begin.AddYears(Years));
        Write(key, pair.ExportPkcs8PrivateKeyPem() + "\n");
        Write(certificate, made.ExportCertificatePem() + "\n");
    }

    private static X509Certificate2 MakeServer(X509Certificate2 authority, IPAddress address)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=dataplane-api", pair, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in new[] { "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc" })
            names.AddDnsName(name);
        foreach (var ip in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback, address }.Distinct())
        {
            names.AddIpAddress(ip);
        }
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], false));
        var until = new DateTimeOffset(authority.NotAfter);
        using var signed = request.Create(authority, Begin, until, RandomNumberGenerator.GetBytes(16));
        return signed.CopyWithPrivateKey(pair);
    }

    /// <summary>A day ago, for clocks that differ.</summary>
    private static DateTimeOffset Begin => Control.State.ObjectRecord.Now().AddDays(-1);

    private static void Write(string path, string text)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        using (var file = new StreamWriter(temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly,
        }))
        {
            file.Write(text);
        }
        File.Move(temporary, path, overwrite: true);
    }
}
