using System.Net.Sockets;

namespace Dataplane.Integration.Chaos;

/// <summary>
/// One direction of an allowed flow: numbers, sent one after the other, and a thread that reads what arrives. Of a
/// stream every byte must arrive; of datagrams those that do not are counted.
/// </summary>
internal sealed class Way
{
    private const long End = -1;

    private readonly Socket _from, _to;
    private readonly Thread _reader;
    private readonly bool _isStream;
    private long _sent, _arrived;
    private volatile Exception? _failure;

    public Way(string name, Socket from, Socket to)
    {
        (Name, _from, _to) = (name, from, to);
        _isStream = from.SocketType == SocketType.Stream;
        _to.ReceiveBufferSize = 4 << 20;
        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
    }

    public string Name { get; }

    public bool IsStream => _isStream;

    public long Sent => _sent;

    public long Lost => _sent - Volatile.Read(ref _arrived);

    /// <summary>The next number. Fails where the reader has seen a wrong one, or nothing for too long.</summary>
    public void Send()
    {
        if (_failure is { } failure) throw new InvalidOperationException($"{Name}: {failure.Message}", failure);
        _from.Send(BitConverter.GetBytes(++_sent));
    }

    /// <summary>Says that this was all, until the reader has heard it: what has not come before is lost.</summary>
    public void Finish()
    {
        do _from.Send(BitConverter.GetBytes(End));
        while (!_isStream && !_reader.Join(1));
        _reader.Join();
        Assert.True(_failure is null, $"{Name}: {_failure}");
    }

    private void Read()
    {
        try
        {
            Span<byte> message = stackalloc byte[sizeof(long)];
            while (true)
            {
                for (var have = 0; have < message.Length;)
                {
                    var length = _to.Receive(message[have..]);
                    if (length == 0) throw new InvalidDataException($"closed after {_arrived} numbers");
                    have += length;
                }
                var number = BitConverter.ToInt64(message);
                if (number == End) return;
                var arrived = Interlocked.Increment(ref _arrived);
                if (_isStream && number != arrived)
                    throw new InvalidDataException($"number {arrived} of the stream is {number}");
            }
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }
}
