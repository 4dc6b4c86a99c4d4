using Dataplane.Control.Metering;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace Dataplane.Daemon.Observation;

/// <summary>
/// Sends the metrics to an OpenTelemetry collector, once a minute and at the end. The library is loaded only where this
/// is configured.
/// </summary>
internal static class OtlpMetrics
{
    private const int ExportTimeout = 5000;

    /// <param name="endpoint">
    /// The collector's OTLP/HTTP receiver, such as http://127.0.0.1:4318; without a path, /v1/metrics is added as the
    /// protocol's specification demands.
    /// </param>
    /// <param name="interval">Between two exports; default one minute.</param>
    public static IDisposable Start(Uri endpoint, TimeSpan? interval = null) => Sdk.CreateMeterProviderBuilder()
        .AddMeter(DataplaneMeters.Name)
        .AddOtlpExporter((exporter, reader) =>
        {
            exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
            exporter.Endpoint = endpoint.AbsolutePath == "/" ? new Uri(endpoint, "/v1/metrics") : endpoint;
            exporter.TimeoutMilliseconds = ExportTimeout;
            reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds =
                (int)(interval ?? TimeSpan.FromMinutes(1)).TotalMilliseconds;
        })
        .Build();
}
