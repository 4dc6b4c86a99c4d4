using System.Collections.Concurrent;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Programs;

/// <summary>
/// A thread that waits for descriptors, and says which have something to read, or are at their end. Each is told once
/// in a turn, so none that always has something keeps another one waiting.
/// </summary>
public sealed class DescriptorWatch : IDisposable
{
    private readonly ConcurrentQueue<Action> _changes = [];
    private readonly List<(SafeFileHandle Handle, Action Ready)> _watched = [];
    private readonly SafeFileHandle _wakeRead, _wakeWrite;
    private readonly Thread _thread;
    private Libc.pollfd[] _polls = [];
    private volatile bool _isOver;
    private int _isWoken;

    /// <param name="name">Of the thread.</param>
    /// <exception cref="LinuxException">EMFILE.</exception>
    public DescriptorWatch(string name)
    {
        (_wakeRead, _wakeWrite) = ProgramPipe.MakeUnnamed();
        _thread = new Thread(Loop) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>From now on <paramref name="ready"/> is called, by the thread, whenever reading would not
    /// wait.</summary>
    public void Add(SafeFileHandle handle, Action ready) => Do(() => _watched.Add((handle, ready)));

    /// <summary>It is not called any more, and then the descriptor is closed.</summary>
    public void Close(SafeFileHandle handle) => Do(() =>
    {
        _watched.RemoveAll(w => w.Handle == handle);
        handle.Dispose();
    });

    /// <summary>Done by the thread, between its turns.</summary>
    public void Do(Action change)
    {
        _changes.Enqueue(change);
        Wake();
    }

    public void Dispose()
    {
        _isOver = true;
        Wake();
        _thread.Join();
        _wakeRead.Dispose();
        _wakeWrite.Dispose();
    }

    private unsafe void Wake()
    {
        if (Interlocked.Exchange(ref _isWoken, 1) != 0) return;
        byte any = 0;
        _ = Libc.write((int)_wakeWrite.DangerousGetHandle(), &any, 1);
    }

    private unsafe void Loop()
    {
        var woken = stackalloc byte[64];
        while (!_isOver)
        {
            if (_polls.Length < _watched.Count + 1) _polls = new Libc.pollfd[2 * (_watched.Count + 1)];
            for (var i = 0; i <= _watched.Count; i++)
            {
                var handle = i == 0 ? _wakeRead : _watched[i - 1].Handle;
                _polls[i] = new Libc.pollfd { fd = (int)handle.DangerousGetHandle(), events = Libc.POLLIN };
            }
            var count = _watched.Count;
            fixed (Libc.pollfd* polls = _polls) _ = Libc.poll(polls, (nuint)count + 1, -1);
            for (var i = 0; i < count; i++)
                if (_polls[i + 1].revents != 0) _watched[i].Ready();
            if (_polls[0].revents != 0)
            {
                _ = Libc.read((int)_wakeRead.DangerousGetHandle(), woken, 64);
                Volatile.Write(ref _isWoken, 0);
            }
            // Each time: what was closed in this turn must not be told of in the next.
            while (_changes.TryDequeue(out var change)) change();
        }
    }
}
