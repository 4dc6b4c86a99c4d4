using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Dataplane.Control.Metering;
using Dataplane.Daemon.Observation;

namespace Dataplane.Integration.Observation;

/// <summary>Metrics as others read them.</summary>
public sealed class MetricsTests
{
    private const string LastInstrument = "dataplane_process_resident_bytes";

    [Fact]
    public void The_text_is_what_Prometheus_reads()
    {
        using var meters = new DataplaneMeters();
        using var prometheus = new PrometheusText(meters);
        meters.Reconcile.Record(0.003);
        meters.Reconcile.Record(0.003);
        meters.Reconcile.Record(99);
        meters.Flows("allowed", 3);
        meters.Flows("denied", 4);
        meters.Flows("denied", 5);
        var samples = Parse(prometheus.Render());
        Assert.Equal(3, samples["dataplane_reconcile_seconds_count"]);
        Assert.Equal(0, samples["dataplane_reconcile_seconds_bucket{le=\"0.0025\"}"]);
        Assert.Equal(2, samples["dataplane_reconcile_seconds_bucket{le=\"0.005\"}"]);
        Assert.Equal(2, samples["dataplane_reconcile_seconds_bucket{le=\"5\"}"]);
        Assert.Equal(samples["dataplane_reconcile_seconds_count"],
            samples["dataplane_reconcile_seconds_bucket{le=\"+Inf\"}"]);
        Assert.Equal(99.006, samples["dataplane_reconcile_seconds_sum"], 1e-9);
        Assert.Equal(9, samples["dataplane_flows_total{verdict=\"denied\"}"]);
        Assert.True(samples["dataplane_process_resident_bytes"] > 1 << 20);
        Assert.Equal(0, samples["dataplane_stray_threads"]);
    }

    [Fact]
    public async Task A_collector_receives_them()
    {
        var stop = TestContext.Current.CancellationToken;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var received =
            new TaskCompletionSource<(string Head, string Body)>(TaskCreationOptions.RunContinuationsAsynchronously);
        // A thread of its own: where the pool has none to spare for seconds, the exporter gives up, as it should.
        var collector = new Thread(() => Collect(listener, received));
        collector.Start();
        // All instruments are there before the first export, which may come in the middle of anything.
        using var meters = new DataplaneMeters();
        meters.Flows("allowed", 1);
        try
        {
            using (OtlpMetrics.Start(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"),
                TimeSpan.FromMilliseconds(100)))
            {
                var (head, body) = await received.Task.WaitAsync(TimeSpan.FromSeconds(60), stop);
                Assert.StartsWith("POST /v1/metrics HTTP/1.1\r\n", head, StringComparison.Ordinal);
                Assert.Contains("application/x-protobuf", head, StringComparison.Ordinal);
                // Names are plain text inside protobuf.
                Assert.Contains(LastInstrument, body, StringComparison.Ordinal);
            }
        }
        finally
        {
            listener.Stop();
            collector.Join();
        }
    }

    /// <summary>Answers every request until the listener is stopped; the last export, at the end, is one too.</summary>
    private static void Collect(TcpListener listener, TaskCompletionSource<(string Head, string Body)> received)
    {
        while (true)
        {
            try
            {
                using var client = listener.AcceptTcpClient();
                using var stream = client.GetStream();
                // The first export may come while the library still subscribes to the instruments.
                if (Receive(stream) is { } request && request.Body.Contains(LastInstrument, StringComparison.Ordinal))
                    received.TrySetResult(request);
            }
            catch (Exception e) when (e is SocketException or InvalidOperationException)
            {
                return;
            }
            catch (IOException)
            {
                // An exporter that was stopped in the middle.
            }
        }
    }

    /// <returns>Null: the sender gave up.</returns>
    private static (string Head, string Body)? Receive(NetworkStream stream)
    {
        var (all, buffer) = ("", new byte[65536]);
        while (true)
        {
            var end = all.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end > 0 && Length(all[..end]) is { } length && all.Length >= end + 4 + length)
            {
                stream.Write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8);
                return (all[..end], all[(end + 4)..]);
            }
            var n = stream.Read(buffer);
            if (n == 0) return null;
            all += Encoding.Latin1.GetString(buffer, 0, n);
        }
    }

    private static int? Length(string head) => head.Split("\r\n")
        .Select(l => l.Split(':'))
        .FirstOrDefault(l => l[0].Equals("content-length", StringComparison.OrdinalIgnoreCase)) is [_, var value]
        ? int.Parse(value, CultureInfo.InvariantCulture) : null;

    /// <summary>
    /// Every line is a comment of two kinds or a sample, and every sample belongs to a family that was announced.
    /// </summary>
    internal static Dictionary<string, double> Parse(string text)
    {
        var (samples, types) = (new Dictionary<string, double>(), new Dictionary<string, string>());
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        foreach (var line in text[..^1].Split('\n'))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                Assert.True(line.Split(' ').Length > 3, line);
                continue;
            }
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var type = line.Split(' ');
                Assert.Contains(type[3], new[] { "counter", "gauge", "histogram" });
                types.Add(type[2], type[3]);
                continue;
            }
            var at = line.LastIndexOf(' ');
            var (series, value) = (line[..at], double.Parse(line[(at + 1)..], CultureInfo.InvariantCulture));
            var name = series.Split('{')[0];
            Assert.True(types.ContainsKey(name) || types.Any(t => t.Value == "histogram"
                && name.StartsWith(t.Key + "_", StringComparison.Ordinal)), line);
            samples.Add(series, value);
        }
        return samples;
    }
}
