using Dataplane.Control.Sources;

namespace Dataplane.Daemon.Tests.Sources;

public sealed class PatientReaderTests : IDisposable
{
    private readonly ManualResetEventSlim _answers = new();
    private readonly PatientReader _reader = new(TimeProvider.System);

    public void Dispose()
    {
        _answers.Set();
        _reader.Dispose();
        _answers.Dispose();
    }

    [Fact]
    public async Task A_question_without_an_answer_keeps_no_other_waiting()
    {
        var first = await Silent("a");
        Assert.Matches("^reading it does not answer, since 20..-..-.. ..:..:.. UTC$", first.Message);
        Assert.Equal(7, await _reader.Ask("b", () => 7, Timeout.InfiniteTimeSpan));
        // It is not asked again meanwhile.
        Assert.Equal(first.Message, (await Silent("a")).Message);
    }

    [Fact]
    public async Task An_answer_that_comes_late_is_given_once()
    {
        await Silent("a");
        _answers.Set();
        var late = 0;
        while (late == 0)
        {
            try
            {
                late = await _reader.Ask("a", () => 7, Timeout.InfiniteTimeSpan);
            }
            catch (IOException)
            {
                await Task.Yield();
            }
        }
        Assert.Equal(1, late);
        Assert.Equal(7, await _reader.Ask("a", () => 7, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public async Task What_was_away_meanwhile_is_asked_about_anew()
    {
        await Silent("a");
        _reader.Forget(about => about == "a");
        Assert.Equal(7, await _reader.Ask("a", () => 7, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public async Task The_threads_that_may_hang_are_bounded()
    {
        for (var i = 0; i < PatientReader.MaxUnanswered; i++) await Silent($"{i}");
        var more = await Assert.ThrowsAsync<IOException>(() => _reader.Ask("x", () => 7, Timeout.InfiniteTimeSpan));
        Assert.Contains("others do not answer", more.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_the_askers() =>
        await Assert.ThrowsAsync<FileNotFoundException>(() => _reader.Ask<int>(
            "a", () => throw new FileNotFoundException(), Timeout.InfiniteTimeSpan));

    private Task<IOException> Silent(string about) => Assert.ThrowsAsync<IOException>(() => _reader.Ask(about, () =>
    {
        _answers.Wait();
        return 1;
    }, TimeSpan.Zero));
}
