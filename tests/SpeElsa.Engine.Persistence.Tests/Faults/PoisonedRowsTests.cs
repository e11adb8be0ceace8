using Elsa.Workflows;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Persistence.Tests.Faults;

/// <summary>A row of the file that can not be read any more: the start goes on, others run, what it belongs to is set aside with the reason, and goes on after the repair.</summary>
public sealed class PoisonedRowsTests
{
    [Theory]
    [InlineData("state", "UPDATE InstanceStates SET State = x'00ff' WHERE InstanceId = 'poisoned'", "State format 0 is not known here")]
    [InlineData("definition", "UPDATE Definitions SET Json = '{\"root\":' WHERE DefinitionId = 'poisoned'", "can not be read any more")]
    [InlineData("definition", "DELETE FROM Definitions WHERE DefinitionId = 'poisoned'", "This version is no longer stored")]
    [InlineData("input", "UPDATE Inbox SET Input = 'no object' WHERE InstanceId = 'poisoned' AND Kind <> 'Start'", "is not a JSON object")]
    public async Task It_stops_neither_the_start_nor_the_others_and_is_set_aside(string what, string poison, string reason)
    {
        using var file = new SqliteFile();
        await using (var first = await FilledFile.StartAsync(file))
        {
            await first.StartWorkflowAsync(Waiting("poisoned"), instanceId: "poisoned");
            await first.StartWorkflowAsync(Waiting("healthy"), instanceId: "healthy");
            await first.WaitForBookmarkOfAsync("poisoned", "wait");
            await first.WaitForBookmarkOfAsync("healthy", "wait");
        }

        // The signals come while no worker runs; the file is damaged before one starts.
        await using (var services = await file.OpenAsync())
        {
            foreach (var id in new[] { "poisoned", "healthy" })
            {
                await services.GetRequiredService<IRuntimeStore>().AcceptAsync(A.Signal($"go {id}", id, hash: A.HashOfEvent("go")), null, default);
            }
        }

        var copy = Directory.CreateTempSubdirectory("spe-sound-").FullName;
        var sound = Path.Combine(copy, "sound.db");
        file.Query<object>($"VACUUM INTO '{sound}'");
        file.Query<object>(poison);
        await using (var second = await FilledFile.StartAsync(file))
        {
            Assert.Equal(WorkflowSubStatus.Finished, (await second.WaitForFinishAsync("healthy")).SubStatus);
            var record = await second.WaitForAsync("poisoned", _ => false);
            Assert.Contains(reason, record.SetAside, StringComparison.Ordinal);
        }

        file.Query<object>($"ATTACH '{sound}' AS sound; {Repair(what)}");
        await using var third = await FilledFile.StartAsync(file);
        Assert.True(await third.Store.PutBackAsync("poisoned", default));
        Assert.Equal(WorkflowSubStatus.Finished, (await third.WaitForFinishAsync("poisoned")).SubStatus);
        Assert.Equal(["wait", "after"], await third.CompletedAsync("poisoned"));
        Directory.Delete(copy, recursive: true);
    }

    [Fact]
    public async Task An_activity_type_that_is_missing_at_the_start_is_a_fault_to_retry_when_it_is_there()
    {
        using var file = new SqliteFile();
        await using (var first = await FilledFile.StartAsync(file))
        {
            await first.StartWorkflowAsync(A.Sequence("typed").With(A.Event("wait", "go"), A.Node("act", "Test.Effect")).ToJson(), instanceId: "typed");
            await first.WaitForBookmarkOfAsync("typed", "wait");
        }

        // The assembly with the activity is left out.
        await using (var without = await TestHost.StartAsync(
            services => services.AddSqliteStore(file.Path), services => services.GetRequiredService<EngineDatabase>().OpenAsync(default)))
        {
            await without.SignalAsync(await without.WaitForBookmarkOfAsync("typed", "wait"));
            var record = await without.WaitForAsync("typed", instance => instance.SubStatus is WorkflowSubStatus.Faulted);
            Assert.Null(record.SetAside);
            Assert.Contains("Test.Effect", (await without.IncidentAsync("typed")).Message, StringComparison.Ordinal);
            var other = await without.StartWorkflowAsync(A.Sequence("other").With(A.Line("line")).ToJson());
            Assert.Equal(WorkflowSubStatus.Finished, (await without.WaitForFinishAsync(other)).SubStatus);
        }

        using var world = new EffectWorld();
        await using var again = await FilledFile.StartAsync(file, configure: services => services.AddSingleton(world));
        await again.Inbox.RetryAsync("typed", "again", [], default);
        Assert.Equal(WorkflowSubStatus.Finished, (await again.WaitForAsync("typed", instance => instance.SubStatus is WorkflowSubStatus.Finished)).SubStatus);
        Assert.Equal(["act"], world.Effects());
    }

    [Fact]
    public async Task A_thousand_equal_signals_at_once_have_one_effect_and_one_answer()
    {
        using var file = new SqliteFile();
        await using var host = await FilledFile.StartAsync(file);
        var id = await host.StartWorkflowAsync(A.Sequence("twice").With(A.Event("first", "go"), A.Line("between"), A.Event("second", "go"), A.Line("never")).ToJson());
        await host.WaitForBookmarkOfAsync(id, "first");

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => host.Inbox.SendAsync(A.Signal("the signal", id, hash: A.HashOfEvent("go")), default))));

        Assert.Equal(999, answers.Count(answer => answer.Acceptance is Acceptance.Duplicate));
        Assert.Single(answers, answer => answer.Acceptance is Acceptance.Accepted);
        Assert.Single(answers.Select(answer => answer.Stored!.Sequence).Distinct());
        await host.WaitForBookmarkOfAsync(id, "second");
        Assert.Equal(["first", "between"], await host.CompletedAsync(id));
    }

    private static string Waiting(string id) => A.Sequence(id).With(A.Event("wait", "go"), A.Line("after")).ToJson();

    private static string Repair(string what) => what switch
    {
        "state" => "UPDATE main.InstanceStates SET State = (SELECT State FROM sound.InstanceStates WHERE InstanceId = 'poisoned') WHERE InstanceId = 'poisoned'",
        "definition" => "DELETE FROM main.Definitions WHERE DefinitionId = 'poisoned'; INSERT INTO main.Definitions SELECT * FROM sound.Definitions WHERE DefinitionId = 'poisoned'",
        _ => "UPDATE main.Inbox SET Input = NULL WHERE InstanceId = 'poisoned' AND Kind <> 'Start'",
    };
}
