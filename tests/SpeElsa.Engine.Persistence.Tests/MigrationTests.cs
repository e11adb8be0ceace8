using Elsa.Workflows;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
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
