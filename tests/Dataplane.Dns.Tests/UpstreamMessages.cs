using System.Text;

namespace Dataplane.Dns.Tests;

/// <summary>What another server answers.</summary>
internal static class UpstreamMessages
{
    /// <summary>
    /// An alias, an address behind it, MX, SOA and an OPT, with pointers wherever they may stand. The question is the
    /// name's A, and ends at its length + 18.
    /// </summary>
    public static byte[] Everything(string name)
    {
        var message = new List<byte>([0x12, 0x34, 0x81, 0x80, 0, 1, 0, 3, 0, 1, 0, 1]);
        foreach (var label in name.Split('.'))
        {
            message.Add((byte)label.Length);
            message.AddRange(Encoding.ASCII.GetBytes(label));
        }
        message.AddRange([0, 0, 1, 0, 1]);
        var domain = (byte)(12 + name.IndexOf('.', StringComparison.Ordinal) + 1);
        // web.DOMAIN is the name's alias; its own place is the data of this record.
        var alias = (byte)(message.Count + 12);
        message.AddRange([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 6, 3, .. "web"u8, 0xc0, domain]);
        message.AddRange([0xc0, alias, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]);
        message.AddRange([0xc0, domain, 0, 15, 0, 1, 0, 0, 0, 60, 0, 4, 0, 10, 0xc0, alias]);
        message.AddRange([0xc0, domain, 0, 6, 0, 1, 0, 0, 0, 60, 0, 24, 0xc0, alias, 0xc0, domain, .. new byte[20]]);
        message.AddRange([0, 0, 41, 4, 0xd0, 0, 0, 0, 0, 0, 0]);
        return [.. message];
    }
}
