using System.Buffers.Binary;
using System.Text;

namespace Dataplane.ApiMachinery.Spdy;

/// <summary>What both compressors of header blocks know beforehand (SPDY/3, section 2.6.10.1).</summary>
internal static class SpdyDictionary
{
    /// <summary>Words, each after its length in four bytes.</summary>
    private const string Words = "options head post put delete trace accept accept-charset accept-encoding "
        + "accept-language accept-ranges age allow authorization cache-control connection content-base "
        + "content-encoding content-language content-length content-location content-md5 content-range content-type "
        + "date etag expect expires from host if-match if-modified-since if-none-match if-range "
        + "if-unmodified-since last-modified location max-forwards pragma proxy-authenticate proxy-authorization "
        + "range referer retry-after server te trailer transfer-encoding upgrade user-agent vary via warning "
        + "www-authenticate method get status 200_OK version HTTP/1.1 url public set-cookie keep-alive origin";

    /// <summary>Text without lengths.</summary>
    private const string Tail = "10010120120220520630030230330430530630740240540640740840941041141241341441541641750250"
        + "4505203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized"
        + "403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service UnavailableJan Feb Mar "
        + "Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,"
        + "image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,"
        + "publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.";

    public static byte[] Bytes { get; } = Build();

    /// <summary>The Adler-32 sum of the bytes (RFC 1950): the name of the dictionary in a zlib header.</summary>
    public static uint Id { get; } = Adler32(Bytes);

    private static byte[] Build()
    {
        var text = new MemoryStream();
        var length = new byte[4];
        foreach (var word in Words.Split(' '))
        {
            BinaryPrimitives.WriteInt32BigEndian(length, word.Length);
            text.Write(length);
            text.Write(Encoding.ASCII.GetBytes(word.Replace('_', ' ')));
        }

        text.Write(Encoding.ASCII.GetBytes(Tail));
        return text.ToArray();
    }

    private static uint Adler32(byte[] bytes)
    {
        var (a, b) = (1u, 0u);
        foreach (var next in bytes)
        {
            a = (a + next) % 65521;
            b = (b + a) % 65521;
        }

        return b << 16 | a;
    }
}
