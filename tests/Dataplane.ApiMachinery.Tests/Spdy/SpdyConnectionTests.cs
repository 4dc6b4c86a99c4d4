using System.Text;
using Dataplane.ApiMachinery.Spdy;

namespace Dataplane.ApiMachinery.Tests.Spdy;

public sealed class SpdyConnectionTests
{
    private static readonly byte[] SynError = Syn(1, PeerBytes.ErrorBlock);
    private static readonly byte[] SynData = Syn(3, PeerBytes.DataBlock);

    private readonly List<SpdyStream> _opened = [];

    [Fact]
    public void The_dictionary_has_the_name_that_compressors_give_it() =>
        Assert.Equal((0xE3C6A7C2, 1423), (SpdyDictionary.Id, SpdyDictionary.Bytes.Length));

    [Fact]
    public void Blocks_of_one_direction_share_their_compression()
    {
        using var inflater = new HeaderInflater();
        Assert.Equal("error", inflater.Read(PeerBytes.ErrorBlock)["streamType"]);
        var data = inflater.Read(PeerBytes.DataBlock);
        Assert.Equal(("data", "80", "0"), (data["streamtype"], data["port"], data["requestID"]));
    }

    [Fact]
    public void What_is_written_can_be_read()
    {
        using var inflater = new HeaderInflater();
        var deflater = new HeaderDeflater();
        foreach (var name in new[] { "First", "second" })
        {
            var written = deflater.Write(new Dictionary<string, string> { [name] = "ä" });
            Assert.Equal("ä", inflater.Read(written)[name.ToLowerInvariant()]);
        }
    }

    [Fact]
    public async Task A_stream_is_answered_and_carries_bytes_until_its_end()
    {
        var (wire, error) = await Run(SynError, SynData, FrameHead.Data(3, 0, "he"u8), FrameHead.Data(3, 1, "llo"u8));
        Assert.Null(error);
        Assert.Equal([1u, 3u], _opened.Select(s => s.Id));
        var text = new MemoryStream();
        await _opened[1].Input.CopyToAsync(text, TestContext.Current.CancellationToken);
        Assert.Equal("hello", Encoding.ASCII.GetString(text.ToArray()));
        Assert.Equal("80030002", Convert.ToHexString(wire.Answered.ToArray()[..4]));
    }

    [Fact]
    public async Task A_stream_without_an_end_fails_when_the_peer_leaves()
    {
        await Run(SynError, SynData, FrameHead.Data(1, 0, "x"u8));
        await Assert.ThrowsAsync<IOException>(() =>
            _opened[0].Input.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_ping_of_the_peer_comes_back()
    {
        var ping = FrameHead.Frame(FrameType.Ping, 0, [0, 0, 0, 1]);
        Assert.Equal(ping, (await Run(ping)).Wire.Answered.ToArray());
    }

    [Fact]
    public async Task Too_many_streams_are_refused_one_by_one()
    {
        var deflater = new HeaderDeflater();
        var none = new Dictionary<string, string>();
        var streams = Enumerable.Range(0, SpdyConnection.MaxStreams + 1);
        var (wire, error) = await Run([.. streams.Select(i => Syn((uint)(2 * i + 1), deflater.Write(none)))]);
        Assert.Null(error);
        Assert.Equal(SpdyConnection.MaxStreams, _opened.Count);
        Assert.Equal("8003000300000008" + "00000101" + "00000003", Convert.ToHexString(wire.Answered.ToArray()[^16..]));
    }

    public static TheoryData<string, byte[]> Hostile => new()
    {
        { "stream 1 cannot be opened", [.. SynError, .. Syn(1, PeerBytes.DataBlock)] },
        { "stream 2 cannot be opened", Syn(2, PeerBytes.ErrorBlock) },
        { "data of stream 5, which was never opened", [.. SynError, .. FrameHead.Data(5, 0, "x"u8)] },
        {
            "data of stream 1 after its end",
            [.. SynError, .. FrameHead.Data(1, 1, []), .. FrameHead.Data(1, 0, "x"u8)]
        },
        { "a control frame is larger than 65536 bytes", [0x80, 3, 0, 1, 0, 0xFF, 0xFF, 0xFF] },
        { "a control frame is cut", FrameHead.Frame(FrameType.Ping, 0, [1]) },
        { "a frame is cut", SynError[..^1] },
        { "a frame is cut", SynError[..3] },
        { "a frame is not of SPDY version 3", [0x80, 2, 0, 1, 0, 0, 0, 0] },
        { "a header block is larger than 16384 bytes", Syn(1, PeerBytes.Bomb) },
        { "a header block is cut", Syn(1, PeerBytes.ErrorBlock[..20]) },
        { "a header block cannot be inflated", Syn(1, [.. PeerBytes.ErrorBlock[..6], 0xFF, 0xFF, 0xFF]) },
        { "header blocks need the dictionary of SPDY/3", Syn(1, [0x78, 0x9C, 0, 0, 0, 0, 0]) },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task What_breaks_the_rules_ends_the_connection_with_one_error(string because, byte[] bytes) =>
        Assert.Equal(because, (await Run(bytes)).Error);

    [Fact]
    public async Task Noise_never_escapes_as_an_exception()
    {
        var random = new Random(15);
        for (var i = 0; i < 2000; i++)
        {
            byte[] bytes = [.. SynError, .. SynData, .. FrameHead.Data(3, 1, "hello"u8)];
            for (var flips = random.Next(1, 5); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            await Run(bytes);
        }
    }

    private async Task<(Wire Wire, string? Error)> Run(params byte[][] said)
    {
        var wire = new Wire(said);
        using var connection = new SpdyConnection(wire);
        return (wire, await connection.RunAsync(_opened.Add, TestContext.Current.CancellationToken));
    }

    private static byte[] Syn(uint id, byte[] block) =>
        FrameHead.Frame(FrameType.SynStream, 0, [0, 0, (byte)(id >> 8), (byte)id, 0, 0, 0, 0, 0, 0, .. block]);
}
