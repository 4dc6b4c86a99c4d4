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
    public const int Bytes = 40;

    internal const int AtEpoch = 0, AtTcpLongBelow = 4, AtTcpRefreshBelow = 8, AtTcpTimeout = 12,
        AtUdpLongBelow = 16, AtUdpRefreshBelow = 20, AtUdpTimeout = 24, AtUntil = 32;

    /// <summary>
    /// As the program reads it. The kernel copies it in words of eight bytes, so no program sees half a number.
    /// </summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        U32(AtEpoch, Epoch);
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
