using Elsa.Workflows;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;
using SpeElsa.Testing.Durability;
using SpeElsa.Testing.Stores;

namespace SpeElsa.Engine.Persistence.Tests;

public sealed class RunOnFileTests
{
    [Theory]
    [InlineData(CrashSide.Before)]
    [InlineData(CrashSide.After)]
    public Task A_run_on_a_file_survives_a_death_anywhere(CrashSide side) => CrashRun.DieAtEveryCallAsync(CrashScenario.Event, side, async () =>
    {
        var file = new SqliteFile();
        var services = await file.OpenAsync();
        var store = new StoreUnderTest(
            services.GetRequiredService<IRuntimeStore>(), services.GetRequiredService<IInstanceReader>(), services.GetRequiredService<IDefinitionStore>());
        return (store, (IAsyncDisposable)new Owner(file, services));
    });

    [Fact]
    public async Task A_run_goes_on_where_it_stood_when_the_file_is_opened_again()
    {
        using var file = new SqliteFile();
        var definition = A.Flowchart("rounds").Variable("N", "Int32", "0")
            .With(A.Set("add", "N", "getN() + getInput('by')", "Int32"), A.Decision("more", "getN() < 10"), A.Delay("pause", TimeSpan.FromMilliseconds(20)), A.Event("wait", "go"), A.Say("end", "getN()"))
            .Connect("add -> more", "more:True -> pause", "pause -> add", "more:False -> wait", "wait -> end");
        string id;
        BookmarkRecord wait;
        await using (var first = await StartAsync(file))
        {
            id = await first.StartWorkflowAsync(definition.ToJson(), new Dictionary<string, object?> { ["by"] = 3 });
            wait = await first.WaitForBookmarkOfAsync(id, "wait");
        }

        await using var second = await StartAsync(file);
        await second.SignalAsync(wait, payload: new { who = "Ada" });
        var record = await second.WaitForFinishAsync(id);

        Assert.Equal(WorkflowSubStatus.Finished, record.SubStatus);
        Assert.Equal(["12"], await second.LinesAsync(id));
        Assert.Equal(4, (await second.CompletedAsync(id)).Count(activity => activity == "add"));
        Assert.Null(JournalChain.FindBreak(await second.JournalAsync(id), record));
    }

    [Fact]
    public async Task A_hundred_runs_at_once_all_end()
    {
        using var file = new SqliteFile();
        await using var host = await StartAsync(file);
        var definition = A.Sequence("short").With(A.Line("a"), A.Event("wait", "go"), A.Line("b")).ToJson();
        var ids = new List<string>();
        for (var number = 0; number < 100; number++)
        {
            ids.Add(await host.StartWorkflowAsync(definition));
        }

        await Task.WhenAll(ids.Select(async id => await host.SignalAsync(await host.WaitForBookmarkOfAsync(id, "wait"))));

        foreach (var id in ids)
        {
            var record = await host.WaitForFinishAsync(id);
            Assert.Equal(["a", "wait", "b"], await host.CompletedAsync(id));
            Assert.Null(JournalChain.FindBreak(await host.JournalAsync(id), record));
        }
    }

    private static Task<TestHost> StartAsync(SqliteFile file) => TestHost.StartAsync(
        services => services.AddSqliteStore(file.Path),
        prepare: services => services.GetRequiredService<EngineDatabase>().OpenAsync(default));

    private sealed class Owner(SqliteFile file, ServiceProvider services) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await services.DisposeAsync();
            file.Dispose();
        }
    }
}
