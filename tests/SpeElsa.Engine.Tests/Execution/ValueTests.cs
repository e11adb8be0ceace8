using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Execution;

/// <summary>Inputs and outputs: what one activity hands to the next, before and after a restart.</summary>
public sealed class ValueTests : EngineTest
{
    [Fact]
    public async Task Outputs_and_the_last_result_are_the_same_after_a_restart()
    {
        var read = "getOutputFrom('two', 'Evidence') + '|' + getOutputFrom('two') + '|' + getOutputFrom('named by name', 'Result') + '|' + getLastResult()";
        var two = A.Node("two", "Test.TwoOutputs", ("value", A.Text("x")));
        var branch = A.Node("if", "Elsa.If", ("condition", A.Text(true)), ("name", "named by name"));
        var id = await StartAsync(A.Sequence("outputs").With(branch, two, A.Say("before", read), A.Event("wait", "go"), A.Say("after", read)));
        await Host.SignalAsync(await Host.WaitForBookmarkOfAsync(id, "two"));
        var wait = await Host.WaitForBookmarkOfAsync(id, "wait");
        await RestartAsync();
        await Host.SignalAsync(wait);

        await FinishesAsync(id);
        var lines = await Host.LinesAsync(id);
        Assert.Equal("first x|then x|true|then x", lines[0]);

        // The event that came in between has put out a result too: none.
        Assert.Equal("first x|then x|true|null", lines[1]);
    }

    [Fact]
    public async Task An_input_is_evaluated_once_and_keeps_its_value_across_a_wait_and_a_restart()
    {
        var id = await StartAsync(A.Parallel("once").Variable("N", "Int32", "1").With(
            A.Node("two", "Test.TwoOutputs", ("value", A.JavaScript("setN(getN() + 1); getN()"))),
            A.Set("set", "N", "100", "Int32")));
        var wait = await Host.WaitForBookmarkOfAsync(id, "two");
        await RestartAsync();
        await Host.SignalAsync(wait);

        await FinishesAsync(id);
        var outputs = (await Host.StateAsync(id)).ActivityOutputs["two"];
        Assert.Equal(("first 2", "then 2"), (outputs["Evidence"], outputs["Result"]));
    }

    [Fact]
    public async Task Input_of_the_run_can_be_read_at_any_time()
    {
        var id = await StartAsync(
            A.Sequence("input").With(A.Say("a", "getInput('plan').steps.length"), A.Event("e", "go"), A.Say("b", "getPlan().steps[1]")),
            new Dictionary<string, object?> { ["Plan"] = new { steps = new[] { "x", "y" } } });
        var wait = await Host.WaitForBookmarkOfAsync(id, "e");
        await RestartAsync();
        await Host.SignalAsync(wait);

        await FinishesAsync(id);
        Assert.Equal(["2", "y"], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task Expressions_of_each_syntax_give_their_value()
    {
        var reference = """{"id":"var-V","name":"V","typeName":"String"}""";
        var id = await RunAsync(
            A.Sequence("syntaxes").Variable("V", "String", "of a variable").With(
                A.Node("literal", "Elsa.WriteLine", ("text", A.Text("plain"))),
                A.Node("bare", "Elsa.WriteLine", ("text", "bare")),
                A.Node("variable", "Elsa.WriteLine", ("text", A.Expression("Variable", reference))),
                A.Node("byName", "Elsa.WriteLine", ("text", A.Expression("Variable", "V"))),
                A.Node("input", "Elsa.WriteLine", ("text", A.Expression("Input", """{"name":"Who"}"""))),
                A.Node("object", "Elsa.WriteLine", ("text", A.Expression("Object", """{"a":1}"""))),
                A.Node("script", "Elsa.WriteLine", ("text", A.JavaScript("const a = 'ret'; return a + 'urned'")))),
            new Dictionary<string, object?> { ["who"] = "of an input" });

        Assert.Equal(["plain", "bare", "of a variable", "of a variable", "of an input", """{"a":1}""", "returned"], await Host.LinesAsync(id));
    }

    [Theory]
    [InlineData("Python", "x", "The expression syntax 'Python' is not available here")]
    [InlineData("Variable", "Nope", "declares the variable 'Nope'")]
    [InlineData("JavaScript", "nothing.there", "nothing is not defined")]
    public async Task An_expression_that_can_not_be_evaluated_says_why(string syntax, string text, string expected)
    {
        var incident = await FaultsAsync(A.Sequence("bad").With(A.Node("line", "Elsa.WriteLine", ("text", A.Expression(syntax, text)))));

        Assert.Contains(expected, incident.Message, StringComparison.Ordinal);
    }
}
