using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Dataplane.Daemon.Observation;

/// <summary>Answers without an end.</summary>
internal static class Streaming
{
    /// <summary>
    /// Whoever reads may stop for a while, as in a pager: no rate is asked of the client. What waits for it must be bounded, and so must be the
    /// number of such clients.
    /// </summary>
    public static void MayPause(this HttpContext http)
    {
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
    }
}
