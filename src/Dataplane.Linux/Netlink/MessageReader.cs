using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dataplane.Linux.Netlink;

/// <summary>
/// Walks the messages of one datagram. An impossible length ends the walk; nothing is read outside the span.
/// </summary>
public ref struct MessageReader(ReadOnlySpan<byte> datagram)
{
    private ReadOnlySpan<byte> _rest = datagram;

    public ushort Type { get; private set; }

    public ushort Flags { get; private set; }

    public uint Sequence { get; private set; }

    /// <summary>
    /// In a notice: the <see cref="NetlinkSocket.PortId"/> of the socket that made the change; 0 for the kernel itself.
    /// </summary>
    public uint PortId { get; private set; }

    /// <summary>The whole message, <c>nlmsghdr</c> first, without padding.</summary>
    public ReadOnlySpan<byte> Message { get; private set; }

    /// <summary>The part after <c>nlmsghdr</c>: the family's fixed header, then attributes.</summary>
    public readonly ReadOnlySpan<byte> Body => Message.IsEmpty ? default : Message[nlmsghdr.Size..];

    public bool Read()
    {
        if (_rest.Length < nlmsghdr.Size)
        {
            return false;
        }

        var header = MemoryMarshal.Read<nlmsghdr>(_rest);
        if (header.nlmsg_len < nlmsghdr.Size || header.nlmsg_len > (uint)_rest.Length)
        {
            return false;
        }

        (Type, Flags, Sequence, PortId) = (header.nlmsg_type, header.nlmsg_flags, header.nlmsg_seq, header.nlmsg_pid);
        Message = _rest[..(int)header.nlmsg_len];
        _rest = _rest[(int)Math.Min(((long)header.nlmsg_len + 3) & ~3L, _rest.Length)..];
        return true;
    }

    /// <summary>The fixed header of a message body.</summary>
    /// <exception cref="InvalidDataException">The body is shorter than that.</exception>
    public static T Header<T>(ReadOnlySpan<byte> body) where T : unmanaged => body.Length >= Unsafe.SizeOf<T>()
        ? MemoryMarshal.Read<T>(body)
        : throw new InvalidDataException(
            $"A netlink message of {body.Length} bytes where {typeof(T).Name} needs {Unsafe.SizeOf<T>()}.");

    /// <summary>The attributes behind the fixed header <typeparamref name="T"/>.</summary>
    public static AttributeReader Attributes<T>(ReadOnlySpan<byte> body) where T : unmanaged
    {
        var header = (Unsafe.SizeOf<T>() + 3) & ~3;
        return new AttributeReader(body.Length > header ? body[header..] : default);
    }
}
