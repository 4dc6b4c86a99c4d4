using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dataplane.Testing.Browser;

/// <summary>
/// Debian's chromium without a window, told what to do in its own protocol (CDP): no driver, no other program. Its
/// profile goes with it.
/// </summary>
public sealed class Chromium : IAsyncDisposable
{
    public const string Program = "/usr/bin/chromium";

    private const string Announcement = "DevTools listening on ";

    private static readonly JsonSerializerOptions Requests = new()
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly TempDirectory _profile;
    private readonly Process _process;
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _answers = [];
    private readonly ConcurrentDictionary<string, BrowserPage> _pages = [];
    private Task _reading = Task.CompletedTask;
    private int _last;

    private Chromium(TempDirectory profile, Process process) => (_profile, _process) = (profile, process);

    /// <summary>Number of the process, for its memory in /proc.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Skips the test where there is no browser.</summary>
    public static async Task<Chromium> StartAsync()
    {
        Assert.SkipUnless(File.Exists(Program), "chromium is not installed (apt-get install chromium)");
        var profile = new TempDirectory();
        // The sandbox of a browser does not run as root; what it shows here are our own pages.
        var process = Process.Start(new ProcessStartInfo(Program,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
            "--disable-background-timer-throttling", "--force-color-profile=srgb", "--hide-scrollbars",
            "--js-flags=--expose-gc", "--remote-debugging-port=0", $"--user-data-dir={profile.Path}", "about:blank",
        ])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var chromium = new Chromium(profile, process);
        try
        {
            await chromium.ConnectAsync();
            return chromium;
        }
        catch
        {
            await chromium.DisposeAsync();
            throw;
        }
    }

    /// <param name="size">In pixels.</param>
    public async Task<BrowserPage> OpenAsync(string url, (int Width, int Height) size, bool isDark = false)
    {
        var target = (await SendAsync(null, "Target.createTarget", new { url = "about:blank" }))["targetId"]!;
        var session = (string)(await SendAsync(null, "Target.attachToTarget",
            new { targetId = (string)target!, flatten = true }))["sessionId"]!;
        var page = _pages[session] = new BrowserPage(this, session, (string)target!);
        foreach (var domain in (string[])["Page", "Runtime", "Network", "Log", "Performance"])
            await page.SendAsync($"{domain}.enable");
        await page.SendAsync("Emulation.setDeviceMetricsOverride",
            new { width = size.Width, height = size.Height, deviceScaleFactor = 1, mobile = false });
        await page.SendAsync("Emulation.setEmulatedMedia", new
        {
            features = new[] { new { name = "prefers-color-scheme", value = isDark ? "dark" : "light" } },
        });
        await page.GoAsync(url);
        return page;
    }

    internal async Task<JsonNode> SendAsync(string? session, string method, object? parameters = null)
    {
        var id = Interlocked.Increment(ref _last);
        var answer = _answers[id] = new TaskCompletionSource<JsonNode>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        var request = JsonSerializer.SerializeToUtf8Bytes(
            new { id, method, @params = parameters ?? new { }, sessionId = session },
            Requests);
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(request, WebSocketMessageType.Text, true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
        return await answer.Task;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _reading;
        _socket.Dispose();
        _sending.Dispose();
        _process.Dispose();
        _profile.Dispose();
    }

    private async Task ConnectAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith(Announcement, StringComparison.Ordinal)) continue;
            await _socket.ConnectAsync(new Uri(line[Announcement.Length..]), CancellationToken.None);
            // What it says goes on, and a full pipe would stop it.
            _reading = Task.WhenAll(ReadAsync(), _process.StandardError.ReadToEndAsync(),
                _process.StandardOutput.ReadToEndAsync());
            return;
        }
        throw new InvalidOperationException("chromium has ended before it listened");
    }

    private async Task ReadAsync()
    {
        var (buffer, message) = (new byte[1 << 16], new MemoryStream());
        try
        {
            for (; ; )
            {
                var part = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                message.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage) continue;
                Take(JsonNode.Parse(Encoding.UTF8.GetString(message.ToArray()))!);
                message.SetLength(0);
            }
        }
        catch (WebSocketException e)
        {
            foreach (var waiting in _answers.Values) waiting.TrySetException(e);
        }
    }

    private void Take(JsonNode message)
    {
        if (message["id"] is { } id && _answers.TryRemove((int)id, out var waiting))
        {
            if (message["error"] is { } error) waiting.SetException(new InvalidOperationException($"{error}"));
            else waiting.SetResult(message["result"]!);
        }
        else if ((string?)message["sessionId"] is { } session && _pages.TryGetValue(session, out var page))
        {
            page.Take((string)message["method"]!, message["params"]!);
        }
    }
}
