using Elsa.Workflows;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace SpeElsa.Engine.Persistence.Tests;

public sealed class RunTests
{
    private const string Definition = """
        {
          "definitionId": "smoke", "name": "Smoke",
          "variables": [ { "id": "v1", "name": "Count", "typeName": "Int32", "value": "1" } ],
          "root": { "id": "flow", "type": "Elsa.Flowchart", "version": 1,
            "activities": [
              { "id": "set", "type": "Elsa.SetVariable", "version": 1, "variable": { "id": "v1", "name": "Count", "typeName": "Int32" },
                "value": { "typeName": "Object", "expression": { "type": "JavaScript", "value": "variables.Count + getInput('by')" } } },
              { "id": "check", "type": "Elsa.FlowDecision", "version": 1, "condition": { "typeName": "Boolean", "expression": { "type": "JavaScript", "value": "getCount() < 10" } } },
              { "id": "delay", "type": "Elsa.Delay", "version": 1, "timeSpan": { "typeName": "TimeSpan", "expression": { "type": "Literal", "value": "00:00:00.050" } } },
              { "id": "wait", "type": "Elsa.Event", "version": 1, "eventName": { "typeName": "String", "expression": { "type": "Literal", "value": "go" } } },
              { "id": "end", "type": "Elsa.End", "version": 1 }
            ],
            "connections": [
              { "source": { "activity": "set", "port": "Done" }, "target": { "activity": "check", "port": "In" } },
              { "source": { "activity": "check", "port": "True" }, "target": { "activity": "delay", "port": "In" } },
              { "source": { "activity": "delay", "port": "Done" }, "target": { "activity": "set", "port": "In" } },
              { "source": { "activity": "check", "port": "False" }, "target": { "activity": "wait", "port": "In" } },
              { "source": { "activity": "wait", "port": "Done" }, "target": { "activity": "end", "port": "In" } }
            ] } }
        """;

    [Fact]
    public async Task A_workflow_with_a_loop_timers_and_an_event_runs_on_a_file()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("spe").FullName, "engine.db");
        await using var host = await TestHost.StartAsync(services => services.AddSqliteStore(path).BuildServiceProvider().GetRequiredService<EngineDatabase>().OpenAsync(default).GetAwaiter().GetResult());
        var id = await host.StartWorkflowAsync(Definition, new Dictionary<string, object?> { ["by"] = 3 });
        await host.WaitForAsync(id, record => record.SubStatus is WorkflowSubStatus.Suspended && host.Reader.ListBookmarksAsync("Elsa.Event", id, 0, 10, default).Result.Total == 1);
        var state = await host.StateAsync(id);
        await host.Inbox.SendAsync(new Stimulus { Key = "k1", Kind = StimulusKind.Resume, InstanceId = id, BookmarkId = state.Bookmarks.Single().Id, ReceivedAt = DateTimeOffset.UnixEpoch }, default);
        var finished = await host.WaitForFinishAsync(id);
        Assert.Equal(WorkflowSubStatus.Finished, finished.SubStatus);
        var journal = await host.JournalAsync(id);
        Assert.Null(JournalChain.FindBreak(journal));
        Assert.Equal(3, journal.Count(row => row is { ActivityId: "set", EventName: "Completed" }));
    }
}
