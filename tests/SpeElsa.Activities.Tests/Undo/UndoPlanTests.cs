using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeElsa.Activities.Tests.Undo;

/// <summary>What the plan makes of a history; no farm is needed for that.</summary>
public sealed class UndoPlanTests
{
    private static readonly MoveFacts Move = new("0123456789ab", "spe-old", "spe-new", new JsonObject
    {
        ["services"] = new JsonArray(Service(Roles.InstanceHost, "Running"), Service(Roles.ClientAccessServer, "Stopped")),
    }.ToJsonString());

    [Fact]
    public void What_somebody_stopped_ahead_of_the_move_starts_again_only_if_it_ran_in_the_baseline()
    {
        var plan = Plan(Stop(Roles.ClientAccessServer, acted: false), Stop(Roles.InstanceHost, acted: false));

        Assert.Equal(["spe-new SpeElsa.TakeOutOfService", "spe-old SpeElsa.StartService"], plan.Steps.Select(step => $"{step.Machine} {step.Type}"));
        Assert.Equal("The service was not running on spe-old before the move.", plan.Undone[^1].Why);
    }

    [Fact]
    public void A_task_that_was_asked_twice_is_undone_once_and_one_that_nobody_answered_only_if_the_check_says_so()
    {
        var task = Task(new()
        {
            ["TaskName"] = "transfer-licence",
            ["Undo"] = HumanTask.UndoTask,
            ["UndoTitle"] = "Transfer it back",
            ["UndoInstructions"] = "So.",
            ["UndoCheck"] = "SpeElsa.CheckLicence",
        });
        Assert.Equal(["Transfer it back", "Check licence on spe-old"], Plan(task, task).Steps.Select(step => step.Title));

        var look = Assert.Single(Plan(task with { Facts = task.Facts with { HasEnded = false } }).Steps);
        Assert.Equal(("Check licence on spe-old", "Transfer it back"), (look.Title, look.Otherwise!.Title));
        Assert.Contains("asked of somebody and not answered", look.Otherwise.Instructions, StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_that_was_asked_for_several_servers_is_undone_for_each_with_a_check_that_is_told_which()
    {
        StepHistory Configure(string server)
        {
            var task = Task(new()
            {
                ["TaskName"] = $"configure-{server}",
                ["Undo"] = HumanTask.UndoTask,
                ["UndoTitle"] = $"Set {server} back",
                ["UndoInstructions"] = "So.",
                ["UndoWhen"] = HumanTask.UndoAfterStart,
                ["UndoCheck"] = "SpeElsa.CheckConnected",
            });
            var inputs = new Dictionary<string, JsonElement>(task.Facts.Inputs, StringComparer.OrdinalIgnoreCase)
            {
                ["UndoCheckInputs"] = JsonSerializer.SerializeToElement(new { role = Roles.InstanceHost, serverName = server }),
            };
            return task with { Facts = task.Facts with { Inputs = inputs } };
        }

        var plan = Plan(Configure("one"), Configure("two"), Configure("one"));

        Assert.Equal(
            [("Check connection on spe-old: Instance Host one", "Set one back"), ("Check connection on spe-old: Instance Host two", "Set two back")],
            plan.Steps.Select(step => (step.Title, step.Otherwise!.Title)));
        Assert.Equal(("spe-old", Roles.InstanceHost, "one"), (plan.Steps[0].Inputs["machine"], plan.Steps[0].Inputs["role"], plan.Steps[0].Inputs["serverName"]));
        Assert.Equal(2, plan.Undone.Count);
    }

    [Fact]
    public void A_task_that_does_not_say_how_it_is_undone_is_put_before_a_person()
    {
        var step = Assert.Single(Plan(Task(new() { ["TaskName"] = "switch-dns", ["Title"] = "Switch DNS", ["Instructions"] = "Set the record." })).Steps);

        Assert.True(step.IsByPerson);
        Assert.Equal("See whether 'Switch DNS' has to be undone", step.Title);
        Assert.Contains("Set the record.", step.Instructions, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_move_runs_on_machines_is_stopped_before_anything_else()
    {
        var copy = new StepHistory(UndoStatementTests.Facts("spe-new", acted: true) with { Move = Move, HasEnded = false, Tickets = [new MoveTicket("spe-new", "1-0-1")] }, new CopyInstanceData());

        var plan = Plan(Stop(Roles.InstanceHost, acted: true), copy);

        Assert.Equal("SpeElsa.StopTickets", plan.Steps[0].Type);
        Assert.Equal(UndoKind.Stays, plan.Undone[0].Kind);
        var written = UndoWorkflow.Write(plan, "Undo")["root"]!["activities"]![0]!;
        Assert.Equal("""[{"machine":"spe-new","ticket":"1-0-1"}]""", (string)written["tickets"]!["expression"]!["value"]!);
    }

    private static UndoPlan Plan(params IReadOnlyList<StepHistory> history) => UndoPlan.Of(Move, history);

    private static StepHistory Stop(string role, bool acted)
    {
        var facts = UndoStatementTests.Facts("spe-old", acted);
        return new StepHistory(
            facts with { Move = Move, ActivityId = role, Inputs = new Dictionary<string, JsonElement>(facts.Inputs, StringComparer.OrdinalIgnoreCase) { ["Role"] = JsonSerializer.SerializeToElement(role) } },
            new StopService());
    }

    private static StepHistory Task(Dictionary<string, string> inputs) => new(
        UndoStatementTests.Facts("spe-old", acted: true) with
        {
            Move = Move,
            Inputs = inputs.ToDictionary(input => input.Key, input => JsonSerializer.SerializeToElement(input.Value), StringComparer.OrdinalIgnoreCase),
        },
        new HumanTask());

    private static JsonObject Service(string role, string state) => new() { ["role"] = role, ["name"] = role, ["state"] = state, ["startMode"] = "Automatic" };
}
