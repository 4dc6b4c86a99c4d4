using System.Buffers.Binary;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Dataplane.Linux.Frames;

namespace Dataplane.Linux.Netlink;

/// <summary>
/// Writes netlink messages one after another into one pooled buffer that grows; lengths are patched in when a scope
/// closes. Its creator disposes it, which returns the buffer to the pool; writing afterwards throws. Not thread-safe.
/// </summary>
public sealed class NetlinkWriter : IDisposable
{
    /// <summary>nla_len is 16 bits wide: no attribute, nested or not, may be longer.</summary>
    public const int MaxAttributeLength = ushort.MaxValue;

    private const int NestedFlag = 0x8000; // NLA_F_NESTED
    private const int FlagsOffset = 6; // of nlmsg_flags in struct nlmsghdr
    private byte[] _buffer;
    private int _messageStart = -1;

    public NetlinkWriter(int capacity, uint firstSequence)
    {
        _buffer = NetlinkBuffers.Rent(capacity);
        FirstSequence = firstSequence;
        NextSequence = firstSequence;
    }

    /// <summary>The sequence number of the first message.</summary>
    public uint FirstSequence { get; }

    /// <summary>The sequence number that the next message will carry.</summary>
    public uint NextSequence { get; private set; }

    /// <summary>
    /// The number of messages that carry NLM_F_ACK, and so of the answers to expect if none is refused.
    /// </summary>
    public int AcknowledgementsDue { get; private set; }

    /// <summary>The sequence number of the last message that carries NLM_F_ACK: its answer is the last one.</summary>
    public uint? LastAcknowledged { get; private set; }

    /// <summary>Bytes written, the open message included.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes written. Valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>
    /// Ends the message before and begins one whose fixed header is <paramref name="body"/>; returns its sequence
    /// number.
    /// </summary>
    public uint Begin<T>(ushort type, ushort flags, in T body) where T : unmanaged
    {
        End();
        _messageStart = Length;
        var sequence = NextSequence++;
        if ((flags & NetlinkFlags.Ack) != 0)
        {
            CountAcknowledgement(sequence);
        }

        Put(new nlmsghdr { nlmsg_type = type, nlmsg_flags = flags, nlmsg_seq = sequence });
        Put(body);
        return sequence;
    }

    /// <summary>Patches the length of the open message, if there is one.</summary>
    public void End()
    {
        if (_messageStart < 0)
        {
            return;
        }

        var length = (uint)(Length - _messageStart);
        MemoryMarshal.Write(_buffer.AsSpan(_messageStart), in length);
        _messageStart = -1;
    }

    /// <summary>Requests an acknowledgement of the open message, which was begun without NLM_F_ACK.</summary>
    public void Acknowledge()
    {
        var flags = _buffer.AsSpan(_messageStart + FlagsOffset);
        var asked = (ushort)(MemoryMarshal.Read<ushort>(flags) | NetlinkFlags.Ack);
        MemoryMarshal.Write(flags, in asked);
        CountAcknowledgement(NextSequence - 1);
    }

    /// <summary>Appends a struct as it lies in memory, padded to 4 bytes.</summary>
    public void Put<T>(in T value) where T : unmanaged => MemoryMarshal.Write(Take(Unsafe.SizeOf<T>()), in value);

    public void Bytes(int type, scoped ReadOnlySpan<byte> value) => value.CopyTo(Attribute(type, value.Length));

    public void U8(int type, byte value) => Attribute(type, 1)[0] = value;

    /// <summary>16 bits in host byte order.</summary>
    public void U16(int type, ushort value) => MemoryMarshal.Write(Attribute(type, 2), in value);

    /// <summary>32 bits in host byte order.</summary>
    public void U32(int type, uint value) => MemoryMarshal.Write(Attribute(type, 4), in value);

    public void U16Be(int type, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Attribute(type, 2), value);

    public void U32Be(int type, uint value) => BinaryPrimitives.WriteUInt32BigEndian(Attribute(type, 4), value);

    public void U64Be(int type, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Attribute(type, 8), value);

    /// <summary>An address, 4 or 16 bytes.</summary>
    public void Address(int type, IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        Bytes(type, bytes[..length]);
    }

    public void Mac(int type, MacAddress mac) => mac.Write(Attribute(type, MacAddress.Size));

    /// <summary>An attribute without a value.</summary>
    public void Flag(int type) => Attribute(type, 0);

    /// <summary>NLA_NUL_STRING: UTF-8 and a terminating zero.</summary>
    public void String(int type, scoped ReadOnlySpan<char> value)
    {
        var count = Encoding.UTF8.GetByteCount(value);
        var target = Attribute(type, count + 1);
        Encoding.UTF8.GetBytes(value, target);
        target[count] = 0;
    }

    /// <summary>Opens a nested attribute; hand the result to <see cref="Close"/>.</summary>
    /// <param name="type">The attribute's number.</param>
    /// <param name="nestedFlag">Whether to set NLA_F_NESTED, which strictly parsed families require and a few old ones
    /// ignore.</param>
    public int Open(int type, bool nestedFlag = true)
    {
        var at = Length;
        Attribute(nestedFlag ? type | NestedFlag : type, 0);
        return at;
    }

    /// <exception cref="InvalidOperationException">The attribute grew over <see cref="MaxAttributeLength"/> bytes:
    /// split the list.</exception>
    public void Close(int at)
    {
        var size = Length - at;
        if (size > MaxAttributeLength)
        {
            throw new InvalidOperationException(
                $"A nested netlink attribute of {size} bytes; the format allows {MaxAttributeLength}.");
        }

        var length = (ushort)size;
        MemoryMarshal.Write(_buffer.AsSpan(at), in length);
    }

    /// <summary>Appends uninitialized bytes, which the caller fills in completely before the next write.</summary>
    /// <param name="count">A multiple of 4.</param>
    public Span<byte> Reserve(int count) => Take(count);

    /// <summary>Overwrites 32 bits at an earlier position, in network byte order.</summary>
    public void PatchU32Be(int at, uint value) =>
        BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(at, sizeof(uint)), value);

    /// <summary>
    /// Bytes written since <paramref name="at"/>, which <see cref="Open"/> returned: its header included.
    /// </summary>
    public int SizeSince(int at) => Length - at;

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        Length = 0;
        _messageStart = -1;
        if (buffer.Length > 0)
        {
            NetlinkBuffers.Return(buffer);
        }
    }

    private void CountAcknowledgement(uint sequence)
    {
        AcknowledgementsDue++;
        LastAcknowledged = sequence;
    }

    private Span<byte> Attribute(int type, int size)
    {
        var length = 4 + size;
        if (length > MaxAttributeLength)
        {
            throw new InvalidOperationException(
                $"A netlink attribute of {length} bytes; the format allows {MaxAttributeLength}.");
        }

        var span = Take(length);
        var (shortLength, shortType) = ((ushort)length, (ushort)type);
        MemoryMarshal.Write(span, in shortLength);
        MemoryMarshal.Write(span[2..], in shortType);
        return span[4..];
    }

    /// <summary>
    /// <paramref name="count"/> fresh bytes; the padding to 4 (NLMSG_ALIGN, NLA_ALIGN) behind them is zeroed.
    /// </summary>
    private Span<byte> Take(int count)
    {
        var padded = (count + 3) & ~3;
        if (Length + padded > _buffer.Length)
        {
            ObjectDisposedException.ThrowIf(_buffer.Length == 0, this);
            var bigger = NetlinkBuffers.Rent(Math.Max(_buffer.Length * 2, Length + padded));
            _buffer.AsSpan(0, Length).CopyTo(bigger);
            NetlinkBuffers.Return(_buffer);
            _buffer = bigger;
        }

        var span = _buffer.AsSpan(Length, padded);
        span[count..].Clear();
        Length += padded;
        return span[..count];
    }
}
