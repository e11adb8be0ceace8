using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Activities.Tests;

public sealed class HumanTaskTests
{
    private static readonly JsonObject Inputs = new()
    {
        ["title"] = "Transfer the licence",
        ["instructions"] = "Open the portal.",
        ["taskName"] = "transfer-licence",
        ["fields"] = new JsonArray(
            new JsonObject { ["name"] = "confirmation", ["label"] = "Confirmation", ["type"] = "text", ["required"] = true, ["pattern"] = "[A-Z]{3}-[0-9]+" },
            new JsonObject { ["name"] = "password", ["label"] = "Password", ["type"] = "secret" }),
        ["outcomes"] = new JsonArray("Done", "NotNeeded"),
        ["finding"] = "The licence is not here.",
    };

    [Fact]
    public async Task It_waits_as_a_bookmark_that_says_everything()
    {
        await using var host = await StartAsync();
        var id = await host.RunAsync("SpeElsa.HumanTask", Inputs.DeepClone().AsObject());
        var (bookmark, task) = await host.WaitForTaskAsync(id);
        Assert.Equal($"{id}-transfer-licence-1", bookmark.Id);
        Assert.Equal(HumanTasks.TaskId(id, "transfer-licence", 1), bookmark.Id);
        Assert.Equal("Transfer the licence", task.Title);
        Assert.Equal("The licence is not here.", task.Finding);
        Assert.Equal(["Done", "NotNeeded"], task.Outcomes);
        Assert.Equal(["confirmation", "password"], task.Fields.Select(field => field.Name));
        Assert.Equal("operator", task.Role);
        Assert.Equal(HumanTasks.TaskKind, task.Kind);
        Assert.Equal("The step", task.ActivityName);
    }

    [Fact]
    public async Task The_answer_becomes_outputs_outcome_and_journal()
    {
        await using var host = await StartAsync();
        var id = await host.RunAsync(
            "SpeElsa.HumanTask", Inputs.DeepClone().AsObject(), null, "answers", "comment", "completedBy", "outcome");
        var (bookmark, _) = await host.WaitForTaskAsync(id);
        await host.AnswerAsync(
            id,
            bookmark.Id,
            "NotNeeded",
            new JsonObject { ["confirmation"] = "ABC-17", ["password"] = "secret:one" },
            "It is there already.");
        var finished = await host.WaitForFinishAsync(id);
        Assert.Equal("NotNeeded", finished.Outcome);
        Assert.Equal("ann", finished.Completed.GetProperty("CompletedBy").GetString());
        Assert.Equal("It is there already.", finished.Completed.GetProperty("Comment").GetString());
        Assert.Equal("secret:one", finished.Completed.GetProperty("Fields").GetProperty("password").GetString());
        var outputs = EngineJson.ToNode(finished.State.ActivityOutputs["step"])!;
        Assert.Equal("ABC-17", (string?)outputs["Answers"]!["confirmation"]);
        Assert.Equal("ann", (string?)outputs["CompletedBy"]);
    }

    [Fact]
    public async Task An_answer_that_can_not_be_used_is_asked_for_again()
    {
        await using var host = await StartAsync();
        var id = await host.RunAsync("SpeElsa.HumanTask", Inputs.DeepClone().AsObject());
        await host.AnswerAsync(id, (await host.WaitForTaskAsync(id)).Bookmark.Id, "Later");
        var (second, task) = await host.WaitForTaskAsync(id, round: 2);
        Assert.Equal($"{id}-transfer-licence-2", second.Id);
        Assert.Contains("'Later' is not an answer", task.Finding, StringComparison.Ordinal);
        await host.AnswerAsync(id, second.Id, "Done", new JsonObject { ["confirmation"] = "ABC-17", ["password"] = "not a reference" });
        var (third, again) = await host.WaitForTaskAsync(id, round: 3);
        Assert.Contains("was not stored as one", again.Finding, StringComparison.Ordinal);
        await host.AnswerAsync(id, third.Id, "Done", new JsonObject { ["confirmation"] = "ABC-17" });
        await host.WaitForFinishAsync(id);
    }

    [Fact]
    public async Task After_a_restart_it_is_the_same_task()
    {
        var store = new InMemoryStore();
        string id;
        string taskId;
        await using (var host = await StartAsync(store))
        {
            id = await host.RunAsync("SpeElsa.HumanTask", Inputs.DeepClone().AsObject());
            taskId = (await host.WaitForTaskAsync(id)).Bookmark.Id;
        }

        await using var second = await StartAsync(store);
        Assert.Equal(taskId, (await second.WaitForTaskAsync(id)).Bookmark.Id);
        await second.AnswerAsync(id, taskId, "Done", new JsonObject { ["confirmation"] = "ABC-17" });
        await second.WaitForFinishAsync(id);
    }

    [Theory]
    [InlineData("""{}""", "Done", "must")]
    [InlineData("""{"must": "  "}""", "Done", "must")]
    [InlineData("""{"must": "x"}""", "Nope", "outcome")]
    [InlineData("""{"must": "x", "other": 1}""", "Done", "other")]
    [InlineData("""{"must": "x", "number": "1"}""", "Done", "number")]
    [InlineData("""{"must": "x", "flag": "yes"}""", "Done", "flag")]
    [InlineData("""{"must": "x", "choice": "c"}""", "Done", "choice")]
    [InlineData("""{"must": "x", "pattern": "ab1"}""", "Done", "pattern")]
    [InlineData("""{"must": "x", "pattern": ["ab"]}""", "Done", "pattern")]
    [InlineData("""{"must": "x"}""", "Refuse", "why")]
    public void A_wrong_answer_is_told_by_field(string fields, string outcome, string wrong) =>
        Assert.Equal([wrong], Validate(fields, outcome).Keys);

    [Fact]
    public void A_right_answer_is_right() => Assert.Empty(Validate(
        """{"must": "x", "number": 1, "flag": false, "choice": "a", "pattern": "ab", "why": "so"}""", "Refuse"));

    private static IReadOnlyDictionary<string, string[]> Validate(string fields, string outcome) => HumanTasks.Validate(
        new HumanTaskStimulus
        {
            TaskName = "t",
            Round = 1,
            Title = "T",
            Outcomes = ["Done", "Refuse"],
            Fields =
            [
                new() { Name = "must", Required = true },
                new() { Name = "number", Type = HumanTaskFieldTypes.Number },
                new() { Name = "flag", Type = HumanTaskFieldTypes.Boolean },
                new() { Name = "choice", Type = HumanTaskFieldTypes.Choice, Choices = ["a", "b"] },
                new() { Name = "pattern", Pattern = "[a-z]+" },
                new() { Name = "why", RequiredFor = ["Refuse"] },
            ],
        },
        new HumanTaskCompletion { CompletedBy = "ann", Outcome = outcome, Fields = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(fields)! });

    private static Task<StepHost> StartAsync(InMemoryStore? store = null) => StepHost.StartAsync(_ => { }, store);
}
