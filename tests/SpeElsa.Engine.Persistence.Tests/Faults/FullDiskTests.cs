using System.Data.Common;
using Elsa.Workflows;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Persistence.Tests.Faults;

/// <summary>A disk that is full: nobody is told yes for what is not stored, nothing is set aside for it, and with new space everything goes on by itself.</summary>
public sealed class FullDiskTests : IDisposable
{
    /// <summary>Text that takes room, also compressed.</summary>
    private const string Noise = "Array.from({ length: 15000 }, () => String.fromCharCode(97 + Math.floor(Math.random() * 26))).join('')";

    private readonly SqliteFile _file = new();
    private readonly FullDisk _disk = new();
    private readonly FakeTimeProvider _clock = new(A.Moment);

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task A_burst_waits_for_space_however_long_that_takes()
    {
        await using var host = await StartAsync();
        var definition = A.Sequence("writer").With(A.Event("wait", "go"), A.For("many", 1, 20, A.Say("line", Noise))).ToJson();
        var id = await host.StartWorkflowAsync(definition);
        var wait = await host.WaitForBookmarkOfAsync(id, "wait");
        _disk.LimitTo(Pages() + 10);

        await host.SignalAsync(wait);

        // More often than an instance may fail before it is set aside.
        var often = host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<RuntimeOptions>>().Value.FailuresBeforeSettingAside + 3;
        await PassUntilAsync(() => Task.FromResult(_disk.Refusals >= often), "it is refused often");
        var meanwhile = (await host.Reader.FindAsync(id, default))!;
        _disk.LimitTo(null);
        await PassUntilAsync(async () => (await host.Reader.FindAsync(id, default)) is { Status: WorkflowStatus.Finished } or { SetAside: not null }, "it goes on");

        Assert.Equal((WorkflowSubStatus.Suspended, (string?)null), (meanwhile.SubStatus, meanwhile.SetAside));
        var record = (await host.Reader.FindAsync(id, default))!;
        Assert.Equal((WorkflowSubStatus.Finished, (string?)null, 0), (record.SubStatus, record.SetAside, record.IncidentCount));
        var journal = await host.JournalAsync(id);
        Assert.Null(JournalChain.FindBreak(journal, record));
        Assert.Equal(20, (await host.LinesAsync(id)).Count);
    }

    [Fact]
    public async Task What_was_answered_is_stored_and_what_was_refused_is_not()
    {
        await using var services = await OpenAsync();
        var store = services.GetRequiredService<IRuntimeStore>();
        _disk.LimitTo(Pages() + 20);

        // In parallel, so that several share a transaction and one that is refused stands among others that would fit.
        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(number => Task.Run(() => TryAcceptAsync(store, number))));
        _disk.LimitTo(null);

        Assert.Contains(true, answers);
        Assert.Contains(false, answers);
        var reader = services.GetRequiredService<IInstanceReader>();
        for (var number = 0; number < answers.Length; number++)
        {
            Assert.Equal(answers[number], await reader.FindStimulusAsync($"k{number}", default) is not null);
            Assert.Equal(answers[number], await reader.FindAsync($"i{number}", default) is not null);
            Assert.Equal(answers[number] ? Acceptance.Duplicate : Acceptance.Accepted, (await AcceptAsync(store, number)).Acceptance);
        }
    }

    [Fact]
    public async Task Everyone_who_was_refused_is_told_that_the_disk_is_full()
    {
        await using var services = await OpenAsync();
        var store = services.GetRequiredService<IRuntimeStore>();
        _disk.LimitTo(Pages());

        var refusals = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => Task.Run(async () => await Record.ExceptionAsync(() => AcceptAsync(store, number)))));

        Assert.Contains(refusals, refusal => refusal is not null);
        Assert.All(refusals.OfType<Exception>(), refusal => Assert.Contains("database or disk is full", refusal.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_start_on_a_full_disk_says_so_and_works_later()
    {
        await using (await _file.OpenAsync())
        {
            // Made, with all its tables.
        }

        _file.Query<object>("VACUUM");
        _disk.LimitTo(1);
        await using var full = Services();
        var exception = await Assert.ThrowsAsync<DatabaseUnusableException>(() => full.GetRequiredService<EngineDatabase>().OpenAsync(default));
        _disk.LimitTo(null);

        Assert.Contains("is full", exception.Message, StringComparison.Ordinal);
        Assert.Contains("nothing is lost", exception.Message, StringComparison.Ordinal);
        await full.GetRequiredService<EngineDatabase>().OpenAsync(default);
    }

    private static Task<AcceptResult> AcceptAsync(IRuntimeStore store, int number) =>
        store.AcceptAsync(A.Start($"k{number}", $"i{number}") with { Receipt = new string('r', 2000) }, A.Instance($"i{number}"), default);

    private static async Task<bool> TryAcceptAsync(IRuntimeStore store, int number)
    {
        try
        {
            return (await AcceptAsync(store, number)).Acceptance is Acceptance.Accepted;
        }
        catch (Exception exception) when (exception is DbException or DbUpdateException)
        {
            return false;
        }
    }

    private long Pages() => _file.Query<long>("PRAGMA page_count");

    private ServiceProvider Services()
    {
        var services = new ServiceCollection().AddLogging().AddSqliteStore(_file.Path);
        _disk.AddTo(services);
        return services.BuildServiceProvider();
    }

    private async Task<ServiceProvider> OpenAsync()
    {
        var services = Services();
        await services.GetRequiredService<EngineDatabase>().OpenAsync(default);
        return services;
    }

    private Task<TestHost> StartAsync() => FilledFile.StartAsync(_file, _clock, _disk.AddTo);

    private Task PassUntilAsync(Func<Task<bool>> until, string what) => Eventually.TrueAsync(
        async () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            return await until();
        },
        what);
}
