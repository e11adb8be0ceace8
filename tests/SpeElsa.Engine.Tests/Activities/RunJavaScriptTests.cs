using System.Text.Json.Nodes;
using SpeElsa.Engine.Definitions;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Activities;

public sealed class RunJavaScriptTests : EngineTest
{
    [Theory]
    [InlineData("setOutcome('High')", "high")]
    [InlineData("if (1 < 2) setOutcome('Low'); return 1", "low")]
    [InlineData("setOutcomes(['High', 'Low'])", "high,low")]
    [InlineData("setOutcomes('High', 'Low')", "high,low")]
    [InlineData("setOutcome('High'); setOutcome('Low')", "low")]
    [InlineData("1", "done")]
    [InlineData("", "done")]
    public async Task A_script_chooses_how_it_ends(string script, string expected)
    {
        var id = await RunAsync(Chart(A.JavaScript(script)));

        Assert.Equal(expected.Split(','), (await Host.LinesAsync(id)).Order());
    }

    [Theory]
    [InlineData("Literal", "setOutcome('High')")]
    [InlineData("Variable", "Code")]
    [InlineData("Liquid", "{{ Variables.Code }}")]
    public async Task A_script_can_come_from_another_syntax(string syntax, string text)
    {
        var id = await RunAsync(Chart(A.Expression(syntax, text)).Variable("Code", "String", "setOutcome('High')"));

        Assert.Equal(["high"], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task The_script_runs_once_and_its_value_is_the_result()
    {
        var id = await RunAsync(A.Sequence("once").Variable("N", "Int32", "0").Variable("R").With(
            A.Node("script", "Elsa.RunJavaScript", ("script", A.JavaScript("variables.N++; return { n: getN() }")), ("result", A.Into("R"))),
            A.Say("line", "toJson([getN(), getR(), getResultFromScript(), getLastResult()])")));

        Assert.Equal(["""[1,{"n":1},{"n":1},{"n":1}]"""], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task An_expression_can_not_choose_outcomes()
    {
        var incident = await FaultsAsync(A.Sequence("expression").With(A.Say("line", "setOutcome('High')")));

        Assert.Contains("setOutcome is not defined", incident.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_described_as_Elsa_does()
    {
        var descriptor = Host.Services.GetRequiredService<ActivityRegistry>().Find("Elsa.RunJavaScript")!;

        Assert.Equal(("Scripting", "Run JavaScript", 1), (descriptor.Category, descriptor.DisplayName, descriptor.Version));
        Assert.Equal([("Script", "code-editor"), ("PossibleOutcomes", "dynamic-outcomes")], descriptor.Inputs.Select(input => (input.Name, input.UIHint)));
        Assert.Equal("JavaScript", descriptor.Inputs.First().DefaultSyntax);
        Assert.Equal(["Result"], descriptor.Outputs.Select(output => output.Name));
    }

    internal static DefinitionBuilder Chart(JsonObject script, string type = "Elsa.RunJavaScript") => A.Flowchart("outcomes")
        .With(
            A.Node("script", type, ("script", script), ("possibleOutcomes", A.Expression("Object", """["High","Low"]"""))),
            A.Line("high"), A.Line("low"), A.Line("done"))
        .Connect("script:High -> high", "script:Low -> low", "script -> done").StartingAt("script");
}
