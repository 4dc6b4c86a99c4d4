using System.Buffers.Binary;

namespace Dataplane.Rules.ShortWay;

/// <summary>What the short way of a node goes by: the one element of <see cref="ShortWayProgram.Node"/>.</summary>
/// <param name="Epoch">
/// The ct mark of the connections that may take it: those that the rules have judged in this epoch. 0: none may.
/// </param>
/// <param name="Until">CLOCK_MONOTONIC, nanoseconds: from then on none may, whoever is still there to say so.</param>
/// <param name="Lifetimes">Of connections.</param>
public readonly record struct NodeState(uint Epoch, long Until, Lifetimes Lifetimes)
{
    /// <summary>The bytes of the element.</summary>
    public const int Bytes = 48;

    /// <summary>The largest IP packet of a pod's interface, bytes: what is larger needs an answer.</summary>
    public const int LargestPacket = 1500;

    internal const int AtEpoch = 0, AtLargest = 4, AtTcpLongBelow = 8, AtTcpRefreshBelow = 12, AtTcpTimeout = 16,
        AtUdpLongBelow = 20, AtUdpRefreshBelow = 24, AtUdpTimeout = 28, AtUntil = 32;

    /// <summary>
    /// As the program reads it. The kernel copies it in words of eight bytes, so no program sees half a number.
    /// </summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        U32(AtEpoch, Epoch);
        U32(AtLargest, LargestPacket);
        U32(AtTcpLongBelow, Lifetimes.TcpLongBelow);
        U32(AtTcpRefreshBelow, Lifetimes.TcpRefreshBelow);
        U32(AtTcpTimeout, Lifetimes.TcpTimeout);
        U32(AtUdpLongBelow, Lifetimes.UdpLongBelow);
        U32(AtUdpRefreshBelow, Lifetimes.UdpRefreshBelow);
        U32(AtUdpTimeout, Lifetimes.UdpTimeout);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(AtUntil), Until);
        return bytes;

        void U32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);
    }
}
