using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Supervisor.Probing;

/// <summary>
/// A GET request as a kubelet makes it (k8s.io/kubernetes/pkg/probe/http): a connection for itself, certificates are
/// not verified, and status 200 to 399 is good. A redirection is good too, and not followed.
/// </summary>
internal static class HttpProbe
{
    /// <summary>The status line must end within so many bytes.</summary>
    private const int LongestStatus = 1 << 10;

    private const int CodeStart = 9, CodeLength = 3, LeastGood = 200, LeastBad = 400;

    /// <exception cref="Exception">It failed.</exception>
    public static async Task<bool> RunAsync(
        ContainerAction.Http action, IPAddress pod, CancellationToken cancellation)
    {
        using var socket = await TcpProbe.ConnectAsync(action.Host, action.Port, pod, cancellation);
        await using Stream plain = new NetworkStream(socket);
        await using var stream = action.IsTls ? Secure(plain) : plain;
        if (stream is SslStream secure)
        {
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = action.Host ?? "" }, cancellation);
        }
        await stream.WriteAsync(Request(action, pod), cancellation);
        return await StatusAsync(stream, cancellation) is >= LeastGood and < LeastBad;
    }

    [SuppressMessage("Security", "CA5359", Justification = "A kubelet does not verify certificates of probes either")]
    private static SslStream Secure(Stream plain) => new(plain, leaveInnerStreamOpen: false, (_, _, _, _) => true);

    private static byte[] Request(ContainerAction.Http action, IPAddress pod)
    {
        var host = action.Host ?? (pod.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{pod}]" : $"{pod}");
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"GET {action.Path} HTTP/1.1\r\n");
        // As of a kubelet, the manifest's headers take the place of these.
        var headers = action.Headers.ToList();
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[
            ("Host", $"{host}:{action.Port.Number}"), ("User-Agent", "kube-probe/1.35"), ("Accept", "*/*")])
        {
            if (!headers.Exists(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)))
                text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }
        foreach (var (name, value) in headers.Where(h => h.Value.Length > 0))
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        return Encoding.UTF8.GetBytes(text.Append("Connection: close\r\n\r\n").ToString());
    }

    /// <returns>0: the answer is no HTTP.</returns>
    private static async Task<int> StatusAsync(Stream stream, CancellationToken cancellation)
    {
        var line = new byte[LongestStatus];
        var length = 0;
        while (length < line.Length && line.AsSpan(0, length).IndexOf((byte)'\n') < 0)
        {
            var read = await stream.ReadAsync(line.AsMemory(length), cancellation);
            if (read == 0) break;
            length += read;
        }
        return line.AsSpan(0, length).StartsWith("HTTP/1."u8) && length >= CodeStart + CodeLength
            && int.TryParse(line.AsSpan(CodeStart, CodeLength), NumberStyles.None, CultureInfo.InvariantCulture,
                out var code) ? code : 0;
    }
}
