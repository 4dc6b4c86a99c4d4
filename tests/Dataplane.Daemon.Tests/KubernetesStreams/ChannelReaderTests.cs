using System.Net.WebSockets;
using System.Text;
using Dataplane.Daemon.KubernetesApi.Streams;

namespace Dataplane.Daemon.Tests.KubernetesStreams;

/// <summary>What of a client's messages is heard, whatever it sends.</summary>
public sealed class ChannelReaderTests
{
    private const byte Input = 0, Resize = 4, Close = 255;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Input_and_its_end_and_sizes_are_told_apart()
    {
        Assert.Equal(["ab", "80x24", "end"], await Heard(hasClose: true,
            [Input, .. "ab"u8], [Resize, .. """{"Width":80,"Height":24}"""u8], [Close, Input]));
    }

    [Fact]
    public async Task What_is_for_no_channel_of_a_client_is_left_out()
    {
        Assert.Equal(["a"], await Heard(hasClose: true,
            [], [1, .. "x"u8], [2, .. "x"u8], [3, .. "x"u8], [7, .. "x"u8], [254], [Close], [Close, 1], [Close, 9],
            [Close, Input, Input], [Input], [Input, .. "a"u8]));
    }

    [Fact]
    public async Task Nothing_is_heard_behind_the_end_of_the_input()
    {
        Assert.Equal(["end"], await Heard(hasClose: true,
            [Close, Input], [Input, .. "late"u8], [Close, Input]));
    }

    [Fact]
    public async Task The_fourth_version_has_no_end_of_the_input()
    {
        Assert.Equal(["a"], await Heard(hasClose: false, [Close, Input], [Input, .. "a"u8]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"Width":80}""")]
    [InlineData("""{"Width":-1,"Height":24}""")]
    [InlineData("""{"Width":0,"Height":24}""")]
    [InlineData("""{"Width":65536,"Height":24}""")]
    [InlineData("""{"Width":"80","Height":24}""")]
    [InlineData("""{"Width":1.5,"Height":24}""")]
    public async Task A_size_that_is_none_is_left_out(string json)
    {
        Assert.Equal(["a"], await Heard(hasClose: true, [Resize, .. Encoding.UTF8.GetBytes(json)],
            [Input, .. "a"u8]));
    }

    [Fact]
    public async Task A_giant_message_of_input_is_handed_on_in_parts()
    {
        using var pair = await SocketPair.MakeAsync();
        var reader = new ChannelReader(pair.Server, hasClose: true);
        var giant = new byte[(8 << 20) + 1];
        Random.Shared.NextBytes(giant);
        giant[0] = Input;
        var sending = Task.Run(() => pair.Client.SendAsync(giant, WebSocketMessageType.Binary, true, Stop), Stop);
        var heard = new List<byte>();
        while (heard.Count < giant.Length - 1)
        {
            var part = (await reader.ReadAsync(Stop))!.Value;
            Assert.InRange(part.Bytes.Length, 1, 32 << 10);
            heard.AddRange(part.Bytes.Span);
        }
        await sending;
        Assert.True(giant.AsSpan(1).SequenceEqual(heard.ToArray()));
    }

    [Fact]
    public async Task A_giant_message_for_another_channel_is_left_out()
    {
        var blanks = new byte[1 << 20];
        Array.Fill(blanks, (byte)' ');
        Assert.Equal(["a"], await Heard(hasClose: true,
            [Resize, .. blanks, .. """{"Width":80,"Height":24}"""u8], [9, .. blanks], [Input, .. "a"u8]));
    }

    [Fact]
    public async Task Parts_of_a_message_belong_together()
    {
        using var pair = await SocketPair.MakeAsync();
        List<(byte[] Part, bool IsEnd)> parts =
            [([], false), ([Resize], false), ([.. "{\"Width\":1,"u8], false), ([.. "\"Height\":2}"u8], true)];
        foreach (var (part, isEnd) in parts)
        {
            await pair.Client.SendAsync(part, WebSocketMessageType.Binary, isEnd, Stop);
        }
        var size = await new ChannelReader(pair.Server, hasClose: true).ReadAsync(Stop);
        Assert.Equal(new ChannelPart(ContainerChannel.Resize, default, 1, 2), size);
    }

    [Fact]
    public async Task Text_is_refused()
    {
        using var pair = await SocketPair.MakeAsync();
        await pair.Client.SendAsync("\0a"u8.ToArray(), WebSocketMessageType.Text, true, Stop);
        var refused = await Assert.ThrowsAsync<WebSocketException>(
            () => new ChannelReader(pair.Server, hasClose: true).ReadAsync(Stop));
        Assert.Equal(WebSocketError.InvalidMessageType, refused.WebSocketErrorCode);
    }

    /// <summary>What is heard of these messages, as words.</summary>
    private static async Task<List<string>> Heard(bool hasClose, params byte[][] messages)
    {
        using var pair = await SocketPair.MakeAsync();
        var sending = Task.Run(async () =>
        {
            foreach (var message in messages)
                await pair.Client.SendAsync(message, WebSocketMessageType.Binary, true, Stop);
            await pair.Client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Stop);
        }, Stop);
        var (reader, heard) = (new ChannelReader(pair.Server, hasClose), new List<string>());
        while (await reader.ReadAsync(Stop) is { } part)
        {
            heard.Add(part.Channel switch
            {
                ContainerChannel.Input => Encoding.UTF8.GetString(part.Bytes.Span),
                ContainerChannel.Resize => $"{part.Columns}x{part.Rows}",
                _ => "end",
            });
        }
        await sending;
        return heard;
    }
}
