using Dataplane.Dns.Forwarding;
using Dataplane.Dns.Messages;

namespace Dataplane.Dns.Tests.Forwarding;

/// <summary>What is made of another server's answer.</summary>
public sealed class UpstreamAnswerTests
{
    private const string Name = "www.example.com";
    private const int QuestionEnd = 33;

    private static readonly byte[] Question = Asked.Query(Name, Asked.A);

    [Fact]
    public void Records_are_written_anew_without_what_was_added()
    {
        var answer = Write(null, 1232);
        Assert.Equal($"{Name} A", answer.Question);
        Assert.Equal([$"{Name} 60 CNAME web.example.com", "web.example.com 60 A 192.0.2.1",
            "example.com 60 15 000A03776562076578616D706C6503636F6D00"], answer.Answers);
        Assert.Equal(["example.com 60 SOA web.example.com example.com 0 0 0 0 0"], answer.Authority);
        Assert.Empty(answer.Additional);
        Assert.Null(answer.Opt);
        Assert.True(answer.OffersRecursion);
        Assert.False(answer.IsAuthoritative);
    }

    [Fact]
    public void Behind_an_alias_of_ours()
    {
        var message = Asked.Query("away.shop.svc.cluster.local", Asked.A, 1232);
        DnsQuery.Parse(message, out var query);
        var into = new byte[1232];
        var length = UpstreamAnswer.Write(
            query, WireName.Parse(Name), UpstreamMessages.Everything(Name), QuestionEnd, into, 1232);
        var answer = new Decoded(into.AsSpan(0, length));
        Assert.Equal("away.shop.svc.cluster.local A", answer.Question);
        Assert.Equal([$"away.shop.svc.cluster.local 5 CNAME {Name}", $"{Name} 60 CNAME web.example.com",
            "web.example.com 60 A 192.0.2.1"], answer.Answers.Take(3));
        Assert.Equal((1232, 0, 0x8000), answer.Opt);
    }

    [Fact]
    public void What_does_not_fit_is_left_out_whole()
    {
        var answer = Write(null, 60);
        Assert.True(answer.IsTruncated);
        Assert.Empty(answer.Answers);
    }

    [Theory]
    [InlineData(0, 0x13, false)]
    [InlineData(1, 0x35, false)]
    [InlineData(2, 0x01, false)]
    [InlineData(2, 0xa1, false)]
    [InlineData(5, 0, false)]
    [InlineData(13, (int)'W', false)]
    [InlineData(30, 28, false)]
    [InlineData(32, 3, false)]
    [InlineData(3, 0x83, true)]
    public void Only_an_answer_to_the_question_counts(int at, int value, bool fits)
    {
        var message = UpstreamMessages.Everything(Name);
        Assert.True(UpstreamAnswer.Fits(Question, QuestionEnd, message));
        message[at] = (byte)value;
        Assert.Equal(fits, UpstreamAnswer.Fits(Question, QuestionEnd, message));
        Assert.False(UpstreamAnswer.Fits(Question, QuestionEnd, message.AsSpan(0, 20)));
    }

    private static Decoded Write(byte[]? alias, int limit)
    {
        DnsQuery.Parse(Question, out var query);
        var into = new byte[1232];
        var message = UpstreamMessages.Everything(Name);
        return new Decoded(into.AsSpan(0, UpstreamAnswer.Write(query, alias, message, QuestionEnd, into, limit)));
    }
}
