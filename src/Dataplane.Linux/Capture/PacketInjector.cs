using System.Diagnostics;
using System.Runtime.InteropServices;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace Dataplane.Linux.Capture;

/// <summary>
/// Sends Ethernet frames out of one interface, past its queueing discipline (PACKET_QDISC_BYPASS): on a veth pair a
/// frame is at the peer, and through the peer's bridge and firewall, before the call returns, on the caller's CPU. To
/// keep the order of two frames, pin the thread (<see cref="CpuPinning"/>).
/// </summary>
public sealed unsafe class PacketInjector : IDisposable
{
    /// <summary>How long <see cref="Send"/> keeps offering one frame to a kernel that has no room for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly SafeFileHandle _socket;

    private PacketInjector(SafeFileHandle socket) => _socket = socket;

    /// <param name="netns">The namespace of the interface; null: this one.</param>
    /// <param name="index">The interface, by its index there.</param>
    /// <exception cref="LinuxException">EPERM: not root. ENODEV: no such interface.</exception>
    public static PacketInjector Open(Netns? netns, InterfaceIndex index)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(index.Value, nameof(index));
        var socket = PacketSocket.Open(netns);
        try
        {
            PacketLibc.SetOption(socket, LibC.SOL_PACKET, LibC.PACKET_QDISC_BYPASS, 1, "set PACKET_QDISC_BYPASS");
            PacketSocket.Bind(socket, index, 0);
            return new PacketInjector(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Sends all frames of the batch, in order. A kernel short of buffers (ENOBUFS, EAGAIN) is given time, up to a
    /// second per frame. That a frame was sent does not mean it arrived: a full backlog at the peer loses it silently.
    /// </summary>
    /// <exception cref="LinuxException">ENETDOWN: the interface is down. EMSGSIZE: longer than its MTU. ENOBUFS: no
    /// room within a second.</exception>
    public void Send(FrameBatch batch)
    {
        var messages = batch.Messages;
        var sent = 0;
        long waitingSince = 0;
        while (sent < batch.Count)
        {
            var n = Libc.sendmmsg(_socket, messages + sent, (uint)(batch.Count - sent), Libc.MSG_DONTWAIT);
            if (n > 0)
            {
                sent += n;
                waitingSince = 0;
                continue;
            }

            var errno = Marshal.GetLastPInvokeError();
            if (errno is not (Errno.ENOBUFS or Errno.EAGAIN or Errno.EINTR))
            {
                throw new LinuxException($"send frame {sent + 1} of {batch.Count}", errno);
            }

            if (waitingSince == 0)
            {
                waitingSince = Stopwatch.GetTimestamp();
            }
            else if (Stopwatch.GetElapsedTime(waitingSince) > Patience)
            {
                throw new LinuxException(
                    $"send frame {sent + 1} of {batch.Count}, retried for {Patience.TotalSeconds:0} s", errno);
            }

            // The buffers are freed by softirqs of this CPU, which run when this thread yields.
            _ = PacketLibc.sched_yield();
        }

        GC.KeepAlive(batch);
    }

    public void Dispose() => _socket.Dispose();
}
