using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Expressions;

public sealed class ReferenceTests : EngineTest
{
    [Theory]
    [InlineData("Variable", "V")]
    [InlineData("Variable", """{"id":"var-V","name":"V","typeName":"String"}""")]
    [InlineData("Variable", """{"id":"renamed","name":"V"}""")]
    [InlineData("Input", "who")]
    [InlineData("Input", """{"name":"who","type":"String","uiHint":"singleline"}""")]
    [InlineData("Output", "script")]
    [InlineData("Output", "script.Result")]
    [InlineData("Output", """{"activityId":"script","outputName":"Result"}""")]
    [InlineData("Output", """{"activityId":"script"}""")]
    public async Task A_reference_is_read_by_name_and_as_designers_write_it(string syntax, string text)
    {
        var id = await RunAsync(
            A.Sequence("references").Variable("V", "String", "it").With(
                A.Node("script", "Elsa.RunJavaScript", ("script", A.JavaScript("'it'"))),
                A.Node("line", "Elsa.WriteLine", ("text", A.Expression(syntax, text)))),
            new Dictionary<string, object?> { ["who"] = "it" });

        Assert.Equal(["it"], await Host.LinesAsync(id));
    }

    [Theory]
    [InlineData("Input")]
    [InlineData("Output")]
    public async Task A_reference_to_nothing_is_null(string syntax)
    {
        var id = await RunAsync(A.Sequence("nothing").Variable("V", "String", "old").With(
            A.Node("set", "Elsa.SetVariable", ("variable", A.Variable("V", "String")), ("value", A.Expression(syntax, "nothing"))),
            A.Say("line", "getV() === null")));

        Assert.Equal(["True"], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task A_variable_that_is_not_declared_is_an_incident()
    {
        var incident = await FaultsAsync(A.Sequence("undeclared").With(A.Node("line", "Elsa.WriteLine", ("text", A.Expression("Variable", "Nope")))));

        Assert.Contains("declares the variable 'Nope'", incident.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_is_read_after_a_restart()
    {
        var id = await StartAsync(A.Sequence("restart").With(
            A.Node("script", "Elsa.RunJavaScript", ("script", A.JavaScript("({ a: [1, 2] })"))),
            A.Event("wait", "go"),
            A.Node("line", "Elsa.WriteLine", ("text", A.Expression("Output", "script")))));
        var bookmark = await Host.WaitForBookmarkOfAsync(id, "wait");

        await RestartAsync();
        await Host.SignalAsync(bookmark);

        await FinishesAsync(id);
        Assert.Equal(["""{"a":[1,2]}"""], await Host.LinesAsync(id));
    }
}
