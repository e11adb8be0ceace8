using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Serialization;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Runtime;

/// <summary>What an activity marks as sensitive is given to it and kept nowhere.</summary>
public sealed class SensitiveInputTests : RuntimeTest
{
    private const string Canary = "canary-51d0";

    [Fact]
    public async Task A_sensitive_input_reaches_the_activity_and_neither_the_journal_nor_the_state()
    {
        // The parts are put together when it runs: the definition holds no canary either.
        await PublishAsync(A.Sequence("sensitive").With(
            A.Node("unlock", "Test.Unlock", ("password", A.JavaScript("'canary' + '-51d0'")), ("hint", A.Text("a bird"))),
            A.Event("wait", "go")));

        var id = (await RunAsync("sensitive")).WorkflowInstanceId;

        await Host.WaitForBookmarkOfAsync(id, "wait");
        var journal = await Host.JournalAsync(id);
        Assert.Contains(journal, row => row.Message == "11 characters");
        Assert.DoesNotContain(journal, row => $"{row.Message} {row.Payload}".Contains(Canary, StringComparison.Ordinal));
        Assert.DoesNotContain(Canary, EngineJson.Write(await Host.StateAsync(id)), StringComparison.Ordinal);
        Assert.Contains(journal, row => row.Payload?.Contains("a bird", StringComparison.Ordinal) == true);
    }
}

/// <summary>Takes a password.</summary>
[Activity("Test", "Test", Kind = ActivityKind.Task)]
public sealed class Unlock : CodeActivity
{
    [Input(CanContainSecrets = true)]
    public Input<string> Password { get; set; } = null!;

    [Input]
    public Input<string> Hint { get; set; } = null!;

    protected override void Execute(ActivityExecutionContext context) =>
        context.AddExecutionLogEntry("Unlocked", $"{context.Get(Password)!.Length} characters");
}
