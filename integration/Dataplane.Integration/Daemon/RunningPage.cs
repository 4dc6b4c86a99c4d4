using System.Diagnostics;
using Dataplane.Testing.Browser;

namespace Dataplane.Integration.Daemon;

/// <summary><c>dataplane ui</c> as a program, and its page in a browser.</summary>
internal sealed class RunningPage : IAsyncDisposable
{
    private readonly Chromium _browser;
    private readonly Process _program;

    private RunningPage(Chromium browser, Process program, BrowserPage page, string address) =>
        (_browser, _program, Page, Address) = (browser, program, page, address);

    public BrowserPage Page { get; }

    /// <summary>As it was printed, with the token.</summary>
    public string Address { get; }

    /// <summary>Resident memory of <c>dataplane ui</c>, bytes.</summary>
    public long Memory
    {
        get
        {
            _program.Refresh();
            return _program.WorkingSet64;
        }
    }

    public static async Task<RunningPage> Open(RunningDaemon daemon)
    {
        var browser = await Chromium.StartAsync();
        var program = Process.Start(new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "dataplane"), ["ui", "--socket", daemon.Socket])
        {
            RedirectStandardOutput = true,
        })!;
        var address = (await program.StandardOutput.ReadLineAsync())!;
        var page = await browser.OpenAsync(address, (1400, 900));
        await page.UntilAsync("document.querySelector('.status.here')");
        return new RunningPage(browser, program, page, address);
    }

    /// <summary>Waits for a verdict on the shown matrix.</summary>
    public Task Until(string from, string to, string verdict) => Page.UntilAsync(
        $"document.querySelector('td[aria-label^=\"{from} to {to}: {verdict}\"]')");

    /// <summary>Ctrl-C.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Interrupt()
    {
        Tool.Run("/bin/kill", "-INT", $"{_program.Id}").Succeeded();
        await _program.WaitForExitAsync();
        return _program.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_program.HasExited) _program.Kill();
        await _program.WaitForExitAsync();
        _program.Dispose();
        await _browser.DisposeAsync();
    }
}
