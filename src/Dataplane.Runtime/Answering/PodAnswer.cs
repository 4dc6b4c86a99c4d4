using System.Net;
using System.Text;

namespace Dataplane.Runtime.Answering;

/// <summary>What a pod without a program of its own says: its name, what it was asked, and by whom.</summary>
/// <param name="pod">As <c>namespace/name</c>.</param>
internal sealed class PodAnswer(string pod)
{
    /// <summary>One line for a request that is no HTTP.</summary>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="request">Without the end of its line.</param>
    public byte[] Line(string protocol, EndPoint client, EndPoint server, ReadOnlySpan<byte> request) =>
        [.. Encoding.UTF8.GetBytes($"{pod} {protocol} {server} from {client}: "), .. request, (byte)'\n'];

    /// <summary>Whether a datagram is what <see cref="Line"/> of another pod has made.</summary>
    public static bool IsOne(ReadOnlySpan<byte> datagram)
    {
        var end = datagram.IndexOf(" UDP "u8);
        return end > 0 && !datagram[..end].Contains((byte)' ') && datagram[..end].Contains((byte)'/')
            && datagram[end..].IndexOf(" from "u8) > 0;
    }

    /// <summary>A response with status 200, and the head of the request in its body.</summary>
    /// <param name="stays">Whether the connection does.</param>
    public byte[] Http(RequestHead head, EndPoint client, EndPoint server, bool stays)
    {
        byte[] body = [.. Encoding.UTF8.GetBytes($"{pod} TCP {server} from {client}\n\n"), .. head.Text.Span];
        var fields = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + $"X-Content-Type-Options: nosniff\r\nContent-Length: {body.Length}\r\n"
            + $"Connection: {(stays ? "keep-alive" : "close")}\r\n\r\n");
        return head.IsForHead ? fields : [.. fields, .. body];
    }
}
