using Elsa.Workflows;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Activities;

public sealed class ContainerTests : EngineTest
{
    [Fact]
    public async Task A_sequence_runs_its_activities_one_after_the_other_across_waits_and_restarts()
    {
        var id = await StartAsync(A.Sequence("seq").With(A.Line("a"), A.Event("e", "go"), A.Line("b")));
        var wait = await Host.WaitForBookmarkOfAsync(id, "e");
        await RestartAsync();
        await Host.SignalAsync(wait);

        await FinishesAsync(id);
        Assert.Equal(["a", "e", "b"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task An_empty_sequence_and_an_empty_parallel_complete()
    {
        await RunAsync(A.Sequence("none"));
        await RunAsync(A.Parallel("neither"));
    }

    [Fact]
    public async Task Parallel_completes_when_the_last_of_its_activities_has()
    {
        var id = await StartAsync(A.Parallel("par").With(A.Event("a", "go"), A.Line("b"), A.Event("c", "go")));
        var waits = await Host.WaitForBookmarksAsync(id, 2);
        Assert.Equal(["b"], await Host.CompletedAsync(id));

        await Host.SignalAsync(waits[1]);
        await Host.WaitForBookmarksAsync(id, 1);
        Assert.Equal(WorkflowStatus.Running, (await Host.Reader.FindAsync(id, default))!.Status);
        await Host.SignalAsync(waits[0]);

        await FinishesAsync(id);
        Assert.Equal(["b", "c", "a"], await Host.CompletedAsync(id));
    }

    [Theory]
    [InlineData("1 < 2", "yes")]
    [InlineData("1 > 2", "no")]
    public async Task If_runs_one_of_two(string condition, string expected)
    {
        var branch = A.Node("if", "Elsa.If", ("condition", A.JavaScript(condition)), ("then", A.Line("yes")), ("else", A.Line("no")));
        var id = await RunAsync(A.Sequence("either").With(branch, A.Say("result", "getOutputFrom('if')")));

        Assert.Equal([expected, "if", "result"], await Host.CompletedAsync(id));
        Assert.Equal(expected == "yes" ? "True" : "False", (await Host.LinesAsync(id))[^1]);
    }

    [Fact]
    public async Task If_without_a_branch_completes()
    {
        var id = await RunAsync(A.Sequence("neither").With(A.Node("if", "Elsa.If", ("condition", A.Text(false)), ("then", A.Line("yes"))), A.Line("after")));

        Assert.Equal(["if", "after"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task Variables_of_an_inner_scope_hide_outer_ones_and_end_with_it()
    {
        var inner = A.Node("inner", "Elsa.Sequence");
        inner["variables"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["id"] = "inner-N", ["name"] = "N", ["typeName"] = "Int32", ["value"] = "10" });
        inner["activities"] = new System.Text.Json.Nodes.JsonArray(
            A.Say("s1", "'inner ' + getN()"),
            A.Event("wait", "go"),
            A.Say("s2", "setN(getN() + 1); setOuter(getN()); 'inner ' + getN()"));
        var id = await StartAsync(A.Sequence("scopes").Variable("N", "Int32", "1").Variable("Outer", "Int32", "0")
            .With(A.Set("set", "N", "2", "Int32"), inner, A.Say("s3", "'outer ' + getN() + ' ' + getOuter()")));
        var wait = await Host.WaitForBookmarkOfAsync(id, "wait");
        await RestartAsync();
        await Host.SignalAsync(wait);

        await FinishesAsync(id);
        Assert.Equal(["inner 10", "inner 11", "outer 2 11"], await Host.LinesAsync(id));
    }

    [Theory]
    [InlineData("Int32", "'42'", "variables.V + 1", "43")]
    [InlineData("Int32", "41.0", "variables.V + 1", "42")]
    [InlineData("String", "42", "variables.V + '1'", "421")]
    [InlineData("Boolean", "'true'", "variables.V === true", "True")]
    [InlineData("Double", "'1.5'", "variables.V * 2", "3")]
    [InlineData("TimeSpan", "'00:01:30'", "variables.V", "00:01:30")]
    [InlineData("DateTimeOffset", "'2026-03-01T10:00:00+02:00'", "new Date(variables.V).toISOString()", "2026-03-01T08:00:00.000Z")]
    [InlineData("DateTime", "'2026-03-01T10:00:00Z'", "new Date(variables.V).toISOString()", "2026-03-01T10:00:00.000Z")]
    [InlineData("Guid", "'6f9619ff-8b86-d011-b42d-00c04fc964ff'", "variables.V", "6f9619ff-8b86-d011-b42d-00c04fc964ff")]
    [InlineData("ByteArray", "'AQID'", "variables.V", "AQID")]
    [InlineData("Object", "({ a: [1, { b: 'x' }] })", "variables.V.a[1].b", "x")]
    [InlineData("JsonObject", "({ a: 1 })", "variables.V.a", "1")]
    [InlineData("ObjectMap", "({ a: 1 })", "variables.V.a", "1")]
    [InlineData("Int32[]", "[1, 2, 3]", "variables.V.length + ':' + variables.V[2]", "3:3")]
    [InlineData("String[]", "['x', 'y']", "variables.V.join()", "x,y")]
    public async Task SetVariable_converts_to_the_variables_type_and_a_restart_changes_nothing(string type, string code, string read, string expected)
    {
        var id = await StartAsync(A.Sequence("typed").Variable("V", type).With(A.Set("set", "V", code, type), A.Say("before", read), A.Event("e", "go"), A.Say("after", read)));
        var wait = await Host.WaitForBookmarkOfAsync(id, "e");
        await RestartAsync();
        await Host.SignalAsync(wait);

        await FinishesAsync(id);
        Assert.Equal([expected, expected], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task SetVariable_says_what_does_not_fit()
    {
        var incident = await FaultsAsync(A.Sequence("wrong").Variable("V", "Int32").With(A.Set("set", "V", "'many'", "Int32")));

        Assert.Equal("set", incident.ActivityId);
        Assert.Contains("'many' can not be read as Int32", incident.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetVariable_without_a_variable_says_so()
    {
        var incident = await FaultsAsync(A.Sequence("nothing").With(A.Node("set", "Elsa.SetVariable", ("value", A.Text("1")))));

        Assert.Equal("Choose the variable to set.", incident.Message);
    }

    [Fact]
    public async Task Name_and_correlation_id_are_those_of_the_instance()
    {
        var id = await RunAsync(A.Sequence("named").With(
            A.Node("name", "Elsa.SetName", ("value", A.Text("The move"))), A.Node("correlate", "Elsa.Correlate", ("correlationId", A.Text("ticket-7")))));

        var record = await Host.Reader.FindAsync(id, default);
        Assert.Equal(("The move", "ticket-7"), (record!.Name, record.CorrelationId));
    }
}
