using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;

namespace Dataplane.Daemon.KubernetesApi.Streams;

/// <summary>
/// Reads the channels of a client. A message of any size takes one buffer: input is handed on as it comes. What is
/// meant for no channel that a client may write to is left out, as the API server does it, and so is what comes for the
/// input behind its end. For one thread at a time.
/// </summary>
/// <param name="hasClose">The protocol has <see cref="ContainerChannel.Close"/>.</param>
internal sealed class ChannelReader(WebSocket socket, bool hasClose)
{
    private const int BufferBytes = 32 << 10;

    /// <summary>Messages for other channels than the input are left out where they are longer.</summary>
    private const int MaxControlBytes = 1024;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly ArrayBufferWriter<byte> _control = new();
    private ContainerChannel? _channel;
    private bool _hasInputEnded, _isTooLong;

    /// <returns>Null: the client has closed the connection.</returns>
    /// <exception cref="WebSocketException">The connection broke, or a message is text.</exception>
    public async Task<ChannelPart?> ReadAsync(CancellationToken stop)
    {
        while (true)
        {
            var received = await socket.ReceiveAsync(_buffer.AsMemory(), stop);
            switch (received.MessageType)
            {
                case WebSocketMessageType.Close: return null;
                case WebSocketMessageType.Text: throw new WebSocketException(WebSocketError.InvalidMessageType);
                default: break;
            }
            if (Part(_buffer.AsMemory(0, received.Count), received.EndOfMessage) is { } part) return part;
        }
    }

    private ChannelPart? Part(ReadOnlyMemory<byte> bytes, bool isEnd)
    {
        if (_channel is null && !bytes.IsEmpty)
        {
            (_channel, bytes) = ((ContainerChannel)bytes.Span[0], bytes[1..]);
            _control.ResetWrittenCount();
            _isTooLong = false;
        }
        var channel = _channel;
        if (isEnd) _channel = null;
        if (channel == ContainerChannel.Input)
            return _hasInputEnded || bytes.IsEmpty ? null : new ChannelPart(ContainerChannel.Input, bytes);
        if (_control.WrittenCount + bytes.Length > MaxControlBytes) _isTooLong = true;
        else _control.Write(bytes.Span);
        if (!isEnd || _isTooLong) return null;
        return channel switch
        {
            ContainerChannel.Resize => Size(_control.WrittenSpan),
            ContainerChannel.Close when hasClose => Ended(_control.WrittenSpan),
            _ => null,
        };
    }

    private ChannelPart? Ended(ReadOnlySpan<byte> channels)
    {
        if (_hasInputEnded || channels is not [(byte)ContainerChannel.Input]) return null;
        _hasInputEnded = true;
        return new ChannelPart(ContainerChannel.Close);
    }

    /// <param name="json">Such as <c>{"Width":80,"Height":24}</c>.</param>
    private static ChannelPart? Size(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("Width", out var width) && IsSize(width, out var columns)
                && root.TryGetProperty("Height", out var height) && IsSize(height, out var rows)
                ? new ChannelPart(ContainerChannel.Resize, default, columns, rows) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsSize(JsonElement element, out ushort size)
    {
        size = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetUInt16(out size) && size > 0;
    }
}
