using Elsa.Workflows;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Persistence.Tests;

public sealed class MigrationTests : IDisposable
{
    private readonly SqliteFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task A_file_of_the_first_release_keeps_what_is_published_and_what_waits()
    {
        string id;
        await using (var host = await StartAsync())
        {
            id = await host.StartWorkflowAsync(A.Sequence("old").With(A.Event("wait", "go"), A.Line("after")).ToJson());
            await host.WaitForBookmarkOfAsync(id, "wait");
        }

        await BackToAsync("Initial");
        Assert.Equal(0L, _file.Query<long>("SELECT count(*) FROM sqlite_master WHERE name = 'Triggers'"));

        await using var restarted = await StartAsync();
        var definitions = restarted.Services.GetRequiredService<IDefinitionStore>();
        var published = (await definitions.FindPublishedAsync("old", default))!;
        Assert.Equal(("Json", 1, "old.json", published.ContentHash), (published.MaterializerName, published.Revision, published.Source, published.SourceHash));
        Assert.Equal(published.CreatedAt, published.PublishedAt);
        Assert.True(published.IsLatest);

        await restarted.SignalAsync(await restarted.WaitForBookmarkOfAsync(id, "wait"));
        Assert.Equal(WorkflowSubStatus.Finished, (await restarted.WaitForFinishAsync(id)).SubStatus);
        Assert.Equal(["wait", "after"], await restarted.CompletedAsync(id));
    }

    /// <summary>With the letters that JSON and SQL have to mask, and with nothing where there may be nothing.</summary>
    [Fact]
    public async Task Journal_rows_of_before_become_pages_and_their_chain_still_holds()
    {
        var rows = new List<JournalRecord>();
        foreach (var (message, role) in new[] { ("it's \"so\" \\ → „läuft“ 😀\n", JournalRole.Intent), (null, JournalRole.Result), ("", JournalRole.None) })
        {
            var row = A.JournalRow("i1", rows.Count + 1) with { Message = message, Role = role, ParentActivityInstanceId = role is JournalRole.None ? null : "p1", Payload = message is null ? null : """{"a":"\u0001 b"}""" };
            rows.Add(row with { Hash = JournalChain.HashOf(rows.Count == 0 ? "" : rows[^1].Hash, row) });
        }

        await using (await _file.OpenAsync())
        {
            // Made, with all its tables.
        }

        await BackToAsync("ReadySince");
        foreach (var row in rows)
        {
            await AddAsync(row);
        }

        await using var services = await _file.OpenAsync();
        var reader = services.GetRequiredService<IInstanceReader>();
        Assert.Equal(rows, await reader.ReadJournalAsync("i1", 0, 10, default));
        Assert.Equal(rows[1..], await reader.ReadJournalAsync("i1", 1, 10, default));
        Assert.Equal("i1", await reader.FindInstanceOfExecutionAsync(rows[0].ActivityInstanceId, default));
    }

    private async Task AddAsync(JournalRecord row)
    {
        await using var services = _file.Services();
        await using var context = await services.GetRequiredService<IDbContextFactory<EngineDbContext>>().CreateDbContextAsync();
        await context.Database.ExecuteSqlAsync($"""
            INSERT INTO "Journal" ("InstanceId", "Sequence", "Timestamp", "EventName", "ActivityId", "NodeId", "ActivityInstanceId", "ParentActivityInstanceId", "ActivityType", "ActivityTypeVersion", "ActivityName", "Message", "Source", "Role", "Attempt", "Payload", "Hash")
            VALUES ({row.InstanceId}, {row.Sequence}, {row.Timestamp.UtcTicks}, {row.EventName}, {row.ActivityId}, {row.NodeId}, {row.ActivityInstanceId}, {row.ParentActivityInstanceId}, {row.ActivityType}, {row.ActivityTypeVersion}, {row.ActivityName}, {row.Message}, {row.Source}, {row.Role.ToString()}, {row.Attempt}, {row.Payload}, {row.Hash})
            """);
    }

    private async Task BackToAsync(string migration)
    {
        await using var services = _file.Services();
        await using var context = await services.GetRequiredService<IDbContextFactory<EngineDbContext>>().CreateDbContextAsync();
        await context.GetService<IMigrator>().MigrateAsync(migration);
    }

    private Task<TestHost> StartAsync() => TestHost.StartAsync(
        services => services.AddSqliteStore(_file.Path),
        prepare: services => services.GetRequiredService<EngineDatabase>().OpenAsync(default));
}
