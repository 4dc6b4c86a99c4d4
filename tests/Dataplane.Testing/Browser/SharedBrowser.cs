namespace Dataplane.Testing.Browser;

/// <summary>One browser for the tests of a class, started by the first that needs it.</summary>
public sealed class SharedBrowser : IAsyncDisposable
{
    private Task<Chromium>? _browser;

    /// <summary>Skips the test where there is no browser.</summary>
    public Task<Chromium> StartedAsync() => _browser ??= Chromium.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_browser is { IsCompletedSuccessfully: true } started) await (await started).DisposeAsync();
    }
}
