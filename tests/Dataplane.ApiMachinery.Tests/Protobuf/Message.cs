using System.Text;

namespace Dataplane.ApiMachinery.Tests.Protobuf;

/// <summary>Writes protobuf by the rules of the format alone: what it writes need not be sound.</summary>
internal sealed class Message
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public Message Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    public Message Part(int field, Message part) => Bytes(field, part.ToArray());

    public Message Bytes(int field, byte[] bytes)
    {
        Varint((ulong)((field << 3) | 2));
        Varint((ulong)bytes.Length);
        _bytes.AddRange(bytes);
        return this;
    }

    public Message Number(int field, long value)
    {
        Varint((ulong)(field << 3));
        return Varint((ulong)value);
    }

    public Message Double(int field, double value)
    {
        Varint((ulong)((field << 3) | 1));
        return Raw(BitConverter.GetBytes(value));
    }

    public Message Varint(ulong value)
    {
        for (; value > 0x7f; value >>= 7)
        {
            _bytes.Add((byte)(value | 0x80));
        }
        _bytes.Add((byte)value);
        return this;
    }

    public Message Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>A whole body with that object.</summary>
    public byte[] Body(string apiVersion, string kind) =>
        [.. "k8s\0"u8, .. new Message().Part(1, new Message().Text(1, apiVersion).Text(2, kind)).Part(2, this)
            .Text(3, "").Text(4, "").ToArray()];
}
