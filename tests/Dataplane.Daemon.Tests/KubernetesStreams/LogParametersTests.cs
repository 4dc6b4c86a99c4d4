using System.Text;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Daemon.KubernetesApi.Streams;
using Dataplane.Daemon.Programs;
using Dataplane.Runtime.Logs;
using Microsoft.AspNetCore.Http;

namespace Dataplane.Daemon.Tests.KubernetesStreams;

/// <summary>What a client asks of a log.</summary>
public sealed class LogParametersTests
{
    [Theory]
    [InlineData("?tailLines=-1", "tailLines: Invalid value: \"-1\": must be a number greater than or equal to 0")]
    [InlineData("?limitBytes=0", "limitBytes: Invalid value: \"0\": must be a number greater than or equal to 1")]
    [InlineData("?sinceSeconds=x", "sinceSeconds: Invalid value: \"x\": must be a number greater than or equal to 1")]
    [InlineData("?sinceTime=x", "sinceTime: \"x\" is no time of RFC 3339")]
    [InlineData("?follow=maybe", "follow: Invalid value: \"maybe\": must be true or false")]
    [InlineData("?sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z",
        "sinceSeconds, sinceTime: at most one of `sinceTime` or `sinceSeconds` may be specified")]
    public void A_value_that_is_none_is_refused(string query, string message)
    {
        var refused = Assert.Throws<StatusException>(() => Asked(query));
        Assert.Equal((StatusReason.BadRequest, message), (refused.Reason, refused.Message));
    }

    [Fact]
    public void What_is_not_said_is_all_of_it_and_what_is_not_known_is_left_out()
    {
        Assert.Equal(new LogRequest(null, false, false, false, int.MaxValue, null),
            Asked("?insecureSkipTLSVerifyBackend=true&pretty=1&container="));
        Assert.Equal(
            new LogRequest("c", true, true, true, int.MaxValue, DateTimeOffset.UnixEpoch, long.MaxValue),
            Asked("?container=c&follow=true&previous=1&timestamps=true&tailLines=9223372036854775807"
                + "&sinceTime=1970-01-01T00:00:00Z&limitBytes=9223372036854775807"));
    }

    [Fact]
    public void A_limit_of_bytes_cuts_within_a_line()
    {
        var selection = new LogSelection(Asked("?limitBytes=4"));
        Assert.Equal("ab\n", Shown("ab"));
        Assert.False(selection.IsOver);
        Assert.Equal("c", Shown("cd"));
        Assert.True(selection.IsOver);

        string Shown(string text) => Encoding.UTF8.GetString(selection.Bytes(
            new LogLine(DateTimeOffset.UnixEpoch, LogStream.Out, IsWhole: true, Encoding.UTF8.GetBytes(text)))!);
    }

    private static LogRequest Asked(string query)
    {
        var http = new DefaultHttpContext();
        http.Request.QueryString = new QueryString(query);
        return LogParameters.Of(http);
    }
}
