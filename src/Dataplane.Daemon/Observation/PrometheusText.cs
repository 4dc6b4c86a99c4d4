using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Dataplane.Control.Metering;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Daemon.Observation;

/// <summary>
/// Writes the instruments of one daemon in Prometheus' text format, version 0.0.4. It counts from its construction on,
/// so construct it before anything is measured.
/// </summary>
internal sealed class PrometheusText : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Family> _families = new(StringComparer.Ordinal);

    public PrometheusText(DataplaneMeters meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!meters.Has(instrument)) return;
            lock (_lock) _families[instrument.Name] = new Family(instrument);
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>
    /// All instruments as they are now, by name. One that has measured nothing has only its comment lines.
    /// </summary>
    public string Render()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        lock (_lock)
        {
            foreach (var family in _families.Values) family.Write(text);
        }
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = Labels(tags);
        lock (_lock) _families[instrument.Name].Record(labels, value);
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = "";
        foreach (var (name, value) in tags)
        {
            var escaped = Visible.Lines(Convert.ToString(value, CultureInfo.InvariantCulture)!)
                .Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\"", "\\\"", StringComparison.Ordinal)
                .Replace("\n", "\\n", StringComparison.Ordinal);
            text += $"{(text.Length == 0 ? "" : ",")}{name}=\"{escaped}\"";
        }
        return text;
    }

    /// <summary>One instrument and its series, by labels.</summary>
    private sealed class Family(Instrument instrument)
    {
        private readonly double[] _bounds =
            (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries is { } bounds ? [.. bounds] : [];
        private readonly SortedDictionary<string, double[]> _series = new(StringComparer.Ordinal);

        private bool IsHistogram => _bounds.Length > 0;

        private string Type => IsHistogram ? "histogram" : instrument is Counter<long> ? "counter" : "gauge";

        /// <summary>
        /// A series is one value; that of a histogram: a count for each bucket, the count above the last, and the sum.
        /// </summary>
        public void Record(string labels, double value)
        {
            if (!_series.TryGetValue(labels, out var series))
                _series[labels] = series = new double[IsHistogram ? _bounds.Length + 2 : 1];
            if (!IsHistogram)
            {
                series[0] = instrument.IsObservable ? value : series[0] + value;
                return;
            }
            var bucket = Array.FindIndex(_bounds, b => value <= b);
            series[bucket < 0 ? _bounds.Length : bucket]++;
            series[^1] += value;
        }

        public void Write(StringBuilder text)
        {
            var name = instrument.Name;
            text.Append($"# HELP {name} {instrument.Description}\n# TYPE {name} {Type}\n");
            foreach (var (labels, series) in _series)
            {
                if (!IsHistogram)
                {
                    Line(text, name, labels, series[0]);
                    continue;
                }
                var (before, total) = (labels.Length == 0 ? "" : labels + ",", 0.0);
                for (var i = 0; i <= _bounds.Length; i++)
                {
                    var bound = i == _bounds.Length ? "+Inf" : Number(_bounds[i]);
                    Line(text, name + "_bucket", $"{before}le=\"{bound}\"", total += series[i]);
                }
                Line(text, name + "_sum", labels, series[^1]);
                Line(text, name + "_count", labels, total);
            }
        }

        private static void Line(StringBuilder text, string name, string labels, double value)
        {
            text.Append(name);
            if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
            text.Append(' ').Append(Number(value)).Append('\n');
        }

        private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
    }
}
