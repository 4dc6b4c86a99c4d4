using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dataplane.Testing.Browser;

/// <summary>One page of a browser: what it shows, asks for and complains of.</summary>
public sealed class BrowserPage
{
    private readonly Chromium _browser;
    private readonly string _session, _target;
    private readonly ConcurrentQueue<string> _requests = [], _errors = [];
    private volatile TaskCompletionSource _loaded = New();

    internal BrowserPage(Chromium browser, string session, string target) =>
        (_browser, _session, _target) = (browser, session, target);

    /// <summary>Addresses that the page has asked for, itself included.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>Exceptions of scripts, and what the browser wrote to its console as an error.</summary>
    public IReadOnlyList<string> Errors => [.. _errors];

    public async Task GoAsync(string url)
    {
        _loaded = New();
        await SendAsync("Page.navigate", new { url });
        await _loaded.Task;
    }

    public Task<JsonNode> SendAsync(string method, object? parameters = null) =>
        _browser.SendAsync(_session, method, parameters);

    /// <summary>The value of a script's expression; a promise is awaited.</summary>
    public async Task<T> AskAsync<T>(string expression)
    {
        var answer = await SendAsync("Runtime.evaluate",
            new { expression, awaitPromise = true, returnByValue = true, userGesture = true });
        if (answer["exceptionDetails"] is { } fault)
            throw new InvalidOperationException($"{expression}: {fault.ToJsonString()}");
        return answer["result"]!["value"].Deserialize<T>()!;
    }

    public Task DoAsync(string statements) => AskAsync<JsonNode?>($"(async () => {{ {statements} }})()");

    /// <summary>Waits until an expression is true; the page looks at every turn of its events.</summary>
    public Task UntilAsync(string expression) => DoAsync($$"""
        await new Promise(done => {
          const look = () => ({{expression}}) ? done() : setTimeout(look, 5);
          look();
        });
        """);

    /// <summary>Changes the address's fragment, and waits until the page shows it.</summary>
    public async Task StateAsync(string fragment) => await DoAsync(
        $"location.hash = {JsonSerializer.Serialize(fragment)}; "
        + "for (let i = 0; i < 3; i++) await new Promise(done => requestAnimationFrame(() => setTimeout(done)));");

    /// <summary>A key as DOM names it: Enter, ArrowDown, Tab.</summary>
    public async Task PressAsync(string key, int modifiers = 0)
    {
        var code = key switch
        {
            "Enter" => 13, "Tab" => 9, "Escape" => 27, "ArrowLeft" => 37, "ArrowUp" => 38, "ArrowRight" => 39,
            "ArrowDown" => 40, "End" => 35, "Home" => 36, _ => 0,
        };
        var text = key == "Enter" ? "\r" : null;
        await SendAsync("Input.dispatchKeyEvent",
            new
            {
                type = text is null ? "rawKeyDown" : "keyDown", key, code = key, windowsVirtualKeyCode = code,
                modifiers, text,
            });
        await SendAsync("Input.dispatchKeyEvent",
            new { type = "keyUp", key, code = key, windowsVirtualKeyCode = code, modifiers });
        await DoAsync("await new Promise(done => requestAnimationFrame(() => setTimeout(done)));");
    }

    public async Task<byte[]> ScreenshotAsync() => Convert.FromBase64String(
        (string)(await SendAsync("Page.captureScreenshot", new { format = "png" }))["data"]!);

    /// <summary>Bytes of the script's heap, after its garbage is collected.</summary>
    public async Task<long> HeapAsync()
    {
        await SendAsync("HeapProfiler.collectGarbage");
        return (long)(double)(await SendAsync("Runtime.getHeapUsage"))["usedSize"]!;
    }

    public Task CloseAsync() => _browser.SendAsync(null, "Target.closeTarget", new { targetId = _target });

    internal void Take(string method, JsonNode parameters)
    {
        switch (method)
        {
            case "Page.loadEventFired":
                _loaded.TrySetResult();
                break;
            case "Network.requestWillBeSent":
                _requests.Enqueue((string)parameters["request"]!["url"]!);
                break;
            case "Runtime.exceptionThrown":
                _errors.Enqueue(parameters["exceptionDetails"]!.ToJsonString());
                break;
            case "Log.entryAdded" when (string?)parameters["entry"]!["level"] == "error":
                _errors.Enqueue(parameters["entry"]!.ToJsonString());
                break;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
