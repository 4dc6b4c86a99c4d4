using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nflog;
using Dataplane.Linux.Rtnetlink;

namespace Dataplane.Linux.Tests.Netlink;

/// <summary>
/// Random and truncated input: readers end early or say InvalidDataException; they never leave their span and never
/// hang.
/// </summary>
public sealed class ReaderFuzzTests
{
    private const int Rounds = 50_000;

    [Fact]
    public void Attributes_of_random_bytes()
    {
        var random = new Random(1);
        var buffer = new byte[96];
        for (var round = 0; round < Rounds; round++)
        {
            var data = RandomAttributes(random, buffer);
            Walk(data, 0);
        }
    }

    [Fact]
    public void Parsers_of_random_bytes()
    {
        var random = new Random(2);
        var buffer = new byte[160];
        var parsed = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var data = RandomAttributes(random, buffer);
            parsed += Try(data, static d => Links.Parse(d))
                + Try(data, static d => Routes.Parse(d))
                + Try(data, static d => Addresses.Parse(d))
                + Try(data, static d => Rules.Parse(d))
                + Try(data, static d => Neighbours.Parse(d))
                + Try(data, static d => ConntrackTable.Parse(d))
                + Try(data, static d => { _ = new NflogPacket(d).Prefix; })
                + Try(data, static d => NetlinkError.Parse(0, d));
        }

        Assert.True(parsed > Rounds, "the input is too wild to get anywhere");
    }

    [Fact]
    public void Messages_of_random_bytes()
    {
        var random = new Random(3);
        var buffer = new byte[128];
        for (var round = 0; round < Rounds; round++)
        {
            var data = buffer.AsSpan(0, random.Next(buffer.Length + 1));
            random.NextBytes(data);
            if (data.Length >= 4)
            {
                BitConverter.TryWriteBytes(data, random.Next(0, 160)); // a length that is often plausible
            }

            var messages = new MessageReader(data);
            var total = 0;
            while (messages.Read())
            {
                Assert.True(messages.Message.Length >= 16);
                total += messages.Message.Length;
            }

            Assert.True(total <= data.Length);
        }
    }

    [Fact]
    public void Every_truncation_of_a_real_message()
    {
        var writer = new NetlinkWriter(256, 1);
        Links.AddBridge(writer, new BridgeRequest("dp0", Dataplane.Linux.Frames.MacAddress.Broadcast));
        var body = writer.Written[16..].ToArray();
        writer.Dispose();
        for (var length = 0; length <= body.Length; length++)
        {
            var cut = body.AsSpan(0, length).ToArray(); // an array of its own: a read past the end cannot hit the rest
            Try(cut, static d => Links.Parse(d));
        }

        var link = Links.Parse(body);
        Assert.Equal(("dp0", "bridge"), (link.Name, link.Kind));
    }

    [Fact]
    public void A_getter_refuses_a_value_that_is_too_short()
    {
        byte[] data = [5, 0, 1, 0, 42, 0, 0, 0];
        Assert.Throws<InvalidDataException>(() => First(data).U16());
        Assert.Throws<InvalidDataException>(() => First(data).U32());
        Assert.Throws<InvalidDataException>(() => First(data).U64Be());
        Assert.Equal(42, First(data).U8());

        static AttributeReader First(byte[] data)
        {
            var reader = new AttributeReader(data);
            Assert.True(reader.Read());
            return reader;
        }
    }

    [Fact]
    public void An_attribute_over_65535_bytes_is_refused()
    {
        Assert.Throws<InvalidOperationException>(
            static () => Golden.Equal("", static w => w.Bytes(1, new byte[65_532])));
        Assert.Throws<InvalidOperationException>(static () => Golden.Equal("", static w =>
        {
            var nest = w.Open(1);
            w.Bytes(1, new byte[65_000]);
            w.Bytes(1, new byte[600]);
            w.Close(nest);
        }));
    }

    private static void Walk(ReadOnlySpan<byte> data, int depth)
    {
        var attributes = new AttributeReader(data);
        var total = 0;
        while (attributes.Read())
        {
            total += 4 + attributes.Value.Length;
            _ = attributes.String();
            if (depth < 4)
            {
                Walk(attributes.Value, depth + 1);
            }
        }

        Assert.True(total <= data.Length);
    }

    /// <summary>
    /// Random length and bytes, but small lengths and types where attributes may begin, so that parsers get far.
    /// </summary>
    private static ReadOnlySpan<byte> RandomAttributes(Random random, byte[] buffer)
    {
        var data = buffer.AsSpan(0, random.Next(buffer.Length + 1));
        random.NextBytes(data);
        for (var at = 0; at + 4 <= data.Length; at += 4 * random.Next(1, 4))
        {
            data[at] = (byte)random.Next(0, 24);
            data[at + 1] = (byte)(random.Next(8) == 0 ? 1 : 0);
            data[at + 2] = (byte)random.Next(0, 40);
            data[at + 3] = 0;
        }

        return data;
    }

    private delegate void Parser(ReadOnlySpan<byte> data);

    private static int Try(ReadOnlySpan<byte> data, Parser parse)
    {
        try
        {
            parse(data);
            return 1;
        }
        catch (InvalidDataException)
        {
            return 0;
        }
    }
}
