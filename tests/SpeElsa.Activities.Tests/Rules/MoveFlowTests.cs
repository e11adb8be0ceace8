using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using SpeElsa.Testing;

namespace SpeElsa.Activities.Tests.Rules;

/// <summary>The rules hold along every way that a run can take, whatever holds the steps: sequences, branches, loops, what runs side by side.</summary>
public sealed class MoveFlowTests
{
    private static JsonObject Off => Step("off", "SpeElsa.StopService", ("machine", "old"), ("role", "instanceHost"));
    private static JsonObject Copy => Step("copy", "SpeElsa.CopyInstanceData", ("source", "old"), ("target", "new"), ("mode", "Final"));
    private static JsonObject On => Step("on", "SpeElsa.StartService", ("machine", "new"), ("role", "instanceHost"), ("onlyIfOff", "old"));

    [Fact]
    public void One_after_the_other_is_well() => Assert.Equal("", Found(A.Steps("all", Off, Copy, On)));

    [Fact]
    public void The_wrong_order_in_a_sequence_is_found() => Assert.Equal("copy-before-stop copy", Found(A.Steps("all", Copy, Off, On)));

    [Fact]
    public void What_runs_side_by_side_may_come_first() => Assert.Equal("copy-before-stop copy", Found(A.Steps("all", A.Group("both", "Elsa.Parallel", Off, Copy), On)));

    [Fact]
    public void What_runs_side_by_side_has_all_ended_afterwards() =>
        Assert.Equal("", Found(A.Steps("all", A.Group("both", "Elsa.Parallel", A.Line("a"), A.Steps("b", A.Line("c"), Off)), Copy, On)));

    [Theory]
    [InlineData("WaitAll", "")]
    [InlineData("WaitAny", "copy-before-stop copy")]
    public void A_fork_that_goes_on_with_its_first_branch_need_not_have_stopped_anything(string mode, string found)
    {
        var fork = A.Node("fork", "Elsa.Fork", ("joinMode", mode), ("branches", new JsonArray(Off.DeepClone(), A.Line("a"))));
        Assert.Equal(found, Found(A.Steps("all", fork, Copy, On)));
    }

    [Fact]
    public void A_branch_for_one_case_does_not_stop_in_the_other() => Assert.Equal("copy-before-stop copy", Found(A.Steps("all", A.If("choice", "true", Off), Copy, On)));

    [Fact]
    public void A_branch_for_each_case_does() => Assert.Equal(
        "",
        Found(A.Steps("all", A.If("choice", "true", Off, Step("offToo", "SpeElsa.StopInstances", ("machine", "old"))), Copy, On, Step("again", "SpeElsa.StartInstances", ("machine", "new")))));

    [Fact]
    public void A_loop_may_run_never() => Assert.Equal("copy-before-stop copy", Found(A.Steps("all", A.While("loop", "true", Off), Copy, On)));

    [Fact]
    public void What_was_stopped_in_one_round_is_not_what_is_copied_in_the_next()
    {
        var stop = Of("off", "SpeElsa.StopInstances", ("machine", A.Text("old")), ("instanceId", A.JavaScript("getVariable(\"CurrentValue\")")));
        var copy = Of("copy", "SpeElsa.CopyInstanceData", ("source", A.Text("old")), ("target", A.Text("new")), ("mode", A.Text("Final")), ("instanceId", A.JavaScript("getVariable('CurrentValue')")));
        var start = Of("on", "SpeElsa.StartInstances", ("machine", A.Text("new")), ("instanceId", A.JavaScript("getVariable(\"CurrentValue\")")));

        Assert.Equal("", Found(A.Steps("all", A.ForEach("loop", "[1]", A.Steps("body", stop, copy, start)))));
        Assert.Equal("copy-before-stop copy", Found(A.Steps("all", A.ForEach("loop", "[1]", A.Steps("body", A.If("first", "true", stop), copy, start)))));
        Assert.Equal("nobody-serves off", Found(A.Steps("all", A.ForEach("loop", "[1]", A.Steps("body", stop, copy, A.If("last", "true", start))))));
    }

    [Fact]
    public void Arrows_that_part_come_together_when_all_have_arrived() => Assert.Equal(
        "", Found(A.Chart("all", [A.Line("begin"), A.Line("a"), Off, Copy, On], "begin -> a", "begin -> off", "a -> copy", "off -> copy", "copy -> on")));

    [Fact]
    public void Of_two_joins_the_later_waits_for_the_earlier() => Assert.Equal(
        "",
        Found(A.Chart(
            "all",
            [A.Line("begin"), A.Line("a"), A.Line("b"), Copy, A.Line("c"), A.Decision("choice", "true"), Off, On],
            "begin -> a",
            "begin -> b",
            "begin -> c",
            "a -> copy",
            "b -> choice",
            "choice:True -> off",
            "choice:False -> off",
            "c -> off",
            "off -> copy",
            "copy -> on")));

    [Fact]
    public void A_join_that_goes_on_with_the_first_is_found() => Assert.Equal(
        "copy-before-stop copy",
        Found(A.Chart(
            "all",
            [A.Line("begin"), A.Line("a"), Off, A.Node("join", "Elsa.FlowJoin", ("mode", A.Text("WaitAny"))), Copy, On],
            "begin -> a",
            "begin -> off",
            "a -> join",
            "off -> join",
            "join -> copy",
            "copy -> on")));

    [Fact]
    public void A_join_that_waits_for_a_branch_that_was_not_taken_ends_the_move_and_is_found() => Assert.Equal(
        "never-reached join; nobody-serves off",
        Found(A.Chart(
            "all",
            [Off, A.Decision("choice", "true"), A.Line("a"), A.Line("b"), A.Node("join", "Elsa.FlowJoin", ("mode", A.Text("WaitAll"))), On],
            "off -> choice",
            "choice:True -> a",
            "choice:False -> b",
            "a -> join",
            "b -> join",
            "join -> on")));

    [Fact]
    public void To_finish_in_the_middle_is_an_end_like_any_other() => Assert.Equal(
        "nobody-serves off",
        Found(A.Chart("all", [Off, A.Decision("choice", "true"), A.Node("stop", "Elsa.Finish"), On], "off -> choice", "choice:True -> stop", "choice:False -> on")));

    [Fact]
    public void A_move_can_begin_in_the_middle_where_an_activity_can_start_it()
    {
        Assert.Equal("", Found(Chart("begin")));
        Assert.Equal("copy-before-stop copy", Found(Chart("begin", "middle")));

        static JsonObject Chart(params string[] starts)
        {
            JsonObject[] activities = [A.Event("begin", "go"), Off, A.Event("middle", "go on"), Copy, On];
            foreach (var activity in activities.Where(activity => starts.Contains((string)activity["id"]!)))
            {
                activity["customProperties"] = new JsonObject { ["canStartWorkflow"] = true };
            }

            return A.Chart("all", activities, "begin -> off", "off -> middle", "middle -> copy", "copy -> on");
        }
    }

    [Fact]
    public void A_check_whose_finding_is_passed_over_is_doubtful()
    {
        var finding = Assert.Single(Check(A.Steps("all", Off, Step("look", "SpeElsa.CheckLicence", ("machine", "new")), On)));

        Assert.False(finding.IsError);
        Assert.Equal("ignored-finding look", $"{finding.Code} {finding.ActivityId}");
        Assert.Contains("draw an arrow from each outcome", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_workflow_without_a_step_that_acts_is_left_alone()
    {
        var chart = A.Chart(
            "all", [A.Node("ask", "SpeElsa.HumanTask"), A.Decision("choice", "true"), A.Node("look", "SpeElsa.CheckMfaOff"), A.Line("lost")], "ask -> choice", "choice:True -> look");
        Assert.Equal("", Found(chart));

        chart["activities"]!.AsArray().Add(Off.DeepClone());
        Assert.NotEmpty(Check(chart));
    }

    [Fact]
    public void A_workflow_that_is_a_part_of_others_is_judged_in_them_by_what_comes_before_and_after() =>
        Assert.Equal("", Found(A.Steps("all", Copy, Off), usableAsActivity: true));

    [Fact]
    public void An_activity_of_others_says_itself_what_it_is()
    {
        var remove = A.Node("mine", "SpeElsa.Tests.Farewell");
        var other = A.Node("mine", "SpeElsa.Tests.Greeting");
        Assert.Equal("removal-before-sign-off mine; unknown-undo mine", Found(A.Steps("all", Off, On, remove)));
        Assert.Equal("", Found(A.Steps("all", Off, On, other)));
    }

    [Fact]
    public void Too_much_side_by_side_is_said_and_not_looked_at_for_ever()
    {
        JsonObject[] branches = [.. Enumerable.Range(0, 8).Select(branch => A.Steps($"branch{branch}", [.. Enumerable.Range(0, 8).Select(line => A.Line($"line{branch}x{line}"))]))];

        Assert.Equal("not-proved Workflow1", Found(A.Steps("all", Off, A.Group("wide", "Elsa.Parallel", branches), On)));
    }

    private static JsonObject Step(string id, string type, params (string Name, string Value)[] inputs) => Of(id, type, [.. inputs.Select(input => (input.Name, A.Text(input.Value)))]);

    private static JsonObject Of(string id, string type, params (string Name, JsonObject Value)[] inputs) =>
        A.Node(id, type, [.. inputs.Select(input => (input.Name, (JsonNode?)input.Value))]);

    private static string Found(JsonObject root, bool usableAsActivity = false) =>
        string.Join("; ", Check(root, usableAsActivity).Select(finding => $"{finding.Code} {finding.ActivityId}").Order(StringComparer.Ordinal));

    private static IReadOnlyList<MoveFinding> Check(JsonObject root, bool usableAsActivity = false) => ShippedDefinition.Check(
        new JsonObject { ["name"] = "flow", ["root"] = root.DeepClone(), ["options"] = new JsonObject { ["usableAsActivity"] = usableAsActivity } }.ToJsonString());
}

/// <summary>Takes leave of the old server.</summary>
[Activity("SpeElsa.Tests", "Farewell", 1, "Removes the old server", "Test")]
public sealed class Farewell : CodeActivity, IMovePart
{
    IReadOnlyList<MovePart> IMovePart.Parts => [MovePart.Removes];
}

/// <summary>Says nothing of what it is in a move.</summary>
[Activity("SpeElsa.Tests", "Greeting", 1, "Greets the new server", "Test")]
public sealed class Greeting : CodeActivity;
