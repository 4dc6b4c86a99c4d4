using System.Runtime.InteropServices;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Native;
using Tmds.Linux;

namespace Dataplane.Linux.Capture;

/// <summary>
/// Frames to be sent together, in one unmanaged buffer beside the message headers that sendmmsg wants, so that nothing
/// is pinned or allocated per frame. One batch serves any number of injectors, one after another. Not thread-safe.
/// </summary>
public sealed unsafe class FrameBatch : IDisposable
{
    private const int Alignment = 64;

    private readonly int _slot;
    private readonly Libc.mmsghdr* _messages;
    private readonly iovec* _vectors;
    private byte* _frames;

    /// <param name="capacity">How many frames it holds.</param>
    /// <param name="maxFrameLength">No frame is longer, in bytes.</param>
    public FrameBatch(int capacity, int maxFrameLength = ProbeFrame.MaxLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxFrameLength);
        Capacity = capacity;
        MaxFrameLength = maxFrameLength;
        _slot = (maxFrameLength + Alignment - 1) & -Alignment;
        var frames = (nuint)capacity * (nuint)_slot;
        var messages = (nuint)capacity * (nuint)sizeof(Libc.mmsghdr);
        var total = frames + messages + (nuint)capacity * (nuint)sizeof(iovec);
        _frames = (byte*)NativeMemory.AlignedAlloc(total, Alignment);
        NativeMemory.Clear(_frames, total);
        _messages = (Libc.mmsghdr*)(_frames + frames);
        _vectors = (iovec*)(_frames + frames + messages);
        for (var i = 0; i < capacity; i++)
        {
            _vectors[i].iov_base = _frames + (nuint)i * (nuint)_slot;
            _messages[i].msg_hdr.msg_iov = _vectors + i;
            _messages[i].msg_hdr.msg_iovlen = 1;
        }
    }

    ~FrameBatch() => Free();

    public int Capacity { get; }

    public int MaxFrameLength { get; }

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    internal Libc.mmsghdr* Messages =>
        _frames != null ? _messages : throw new ObjectDisposedException(nameof(FrameBatch));

    /// <summary>Room for the next frame; it counts only once <see cref="Commit"/> has been called.</summary>
    /// <exception cref="InvalidOperationException">The batch is full.</exception>
    public Span<byte> Next()
    {
        ObjectDisposedException.ThrowIf(_frames == null, this);
        return IsFull ? throw new InvalidOperationException("The batch is full.")
            : new Span<byte>(_vectors[Count].iov_base, MaxFrameLength);
    }

    /// <summary>Takes the first <paramref name="length"/> bytes of <see cref="Next"/> as a frame.</summary>
    public void Commit(int length)
    {
        ObjectDisposedException.ThrowIf(_frames == null, this);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxFrameLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Count, Capacity);
        _vectors[Count++].iov_len = length;
    }

    /// <summary>Adds a probe.</summary>
    public void Add(in ProbeSpec probe) => Commit(ProbeFrame.Write(Next(), probe));

    /// <summary>Removes all frames and keeps the buffer.</summary>
    public void Clear() => Count = 0;

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_frames);
        _frames = null;
    }
}
