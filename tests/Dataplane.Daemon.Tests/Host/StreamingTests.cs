using Dataplane.Daemon.Host;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Dataplane.Daemon.Tests.Host;

/// <summary>A pager may stand still for an hour, which no other test waits for.</summary>
public sealed class StreamingTests : IHttpMinResponseDataRateFeature
{
    public MinDataRate? MinDataRate { get; set; } = new(bytesPerSecond: 1, gracePeriod: TimeSpan.FromSeconds(5));

    [Fact]
    public void No_rate_is_asked_of_whoever_follows()
    {
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpMinResponseDataRateFeature>(this);
        Streaming.MayPause(http);
        Assert.Null(MinDataRate);
    }
}
