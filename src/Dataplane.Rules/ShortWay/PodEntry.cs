using System.Buffers.Binary;
using System.Net;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Rules.ShortWay;

/// <summary>An element of <see cref="ShortWayProgram.Pods"/>: a pod of this node at one of its addresses.</summary>
/// <param name="Port">The near end of its veth pair.</param>
/// <param name="Mac">Of the far end.</param>
public readonly record struct PodEntry(InterfaceIndex Port, MacAddress Mac)
{
    public const int KeyBytes = 20, Bytes = 12;

    internal const int AtPort = 0, AtMac = 4;

    private const int AtAddress = 4;

    /// <summary>
    /// The family belongs to it: <c>::ffff:10.0.0.1</c> may be the address of another pod than <c>10.0.0.1</c>.
    /// </summary>
    public static byte[] Key(IPAddress address)
    {
        var key = new byte[KeyBytes];
        var bytes = address.GetAddressBytes();
        key[0] = (byte)(bytes.Length == 4 ? 4 : 6);
        bytes.CopyTo(key, AtAddress);
        return key;
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Port.Value);
        Mac.Write(bytes.AsSpan(AtMac));
        return bytes;
    }
}
