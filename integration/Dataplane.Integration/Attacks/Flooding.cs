using System.Net.Sockets;
using Dataplane.Linux.Capture;

namespace Dataplane.Integration.Attacks;

/// <summary>Sends packets of one kind without a pause, on the first CPU, until it is disposed.</summary>
internal sealed class Flooding : IDisposable
{
    private const int Batch = 100;

    private readonly Thread _thread;
    private volatile bool _stopping;
    private Exception? _failure;

    /// <param name="injector">Of the pod that floods.</param>
    /// <param name="other">Another pod, which some kinds are about.</param>
    public Flooding(PacketInjector injector, Flood kind, Party from, Party other, AddressFamily family)
    {
        using var began = new ManualResetEventSlim();
        _thread = new Thread(() =>
        {
            try
            {
                using var pinned = CpuPinning.PinCurrentThread(CpuPinning.Allowed()[0]);
                using var frames = new FrameBatch(Batch, 1514);
                var sent = 0u;
                for (Send(), began.Set(); !_stopping; Send())
                {
                }

                void Send()
                {
                    frames.Clear();
                    for (var i = 0; i < Batch; i++)
                    {
                        var frame = kind.Frame(++sent, from, other, family);
                        frame.CopyTo(frames.Next());
                        frames.Commit(frame.Length);
                    }
                    injector.Send(frames);
                }
            }
            catch (Exception e)
            {
                _failure = e;
                began.Set();
            }
        });
        _thread.Start();
        began.Wait();
    }

    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
        Assert.Null(_failure);
    }
}
