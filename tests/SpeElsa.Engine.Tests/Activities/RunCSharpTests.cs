using SpeElsa.Engine.Tests.Expressions;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Activities;

public sealed class RunCSharpTests
{
    [Theory]
    [InlineData("SetOutcome(\"High\");", "high")]
    [InlineData("SetOutcomes(\"High\", \"Low\"); return 1;", "high,low")]
    [InlineData("1", "done")]
    public async Task A_script_chooses_how_it_ends(string script, string expected)
    {
        await using var host = await CSharpTests.StartAsync();

        var id = await host.StartWorkflowAsync(RunJavaScriptTests.Chart(A.Expression("CSharp", script), "Elsa.RunCSharp").ToJson());
        await host.WaitForFinishAsync(id);

        Assert.Equal(expected.Split(','), (await host.LinesAsync(id)).Order());
    }

    [Fact]
    public async Task Its_value_is_the_result_as_plain_data()
    {
        await using var host = await CSharpTests.StartAsync();

        var id = await host.StartWorkflowAsync(A.Sequence("result").Variable("R").With(
            A.Node("script", "Elsa.RunCSharp", ("script", A.Text("Variable.R = 1; return new { n = 2 };")), ("result", A.Into("R"))),
            A.Say("line", "toJson([getR(), getResultFromScript()])")).ToJson());
        await host.WaitForFinishAsync(id);

        Assert.Equal(["""[{"n":2},{"n":2}]"""], await host.LinesAsync(id));
    }

    [Fact]
    public async Task Without_the_hosts_leave_it_says_what_to_do()
    {
        await using var host = await TestHost.StartInMemoryAsync();

        var id = await host.StartWorkflowAsync(RunJavaScriptTests.Chart(A.Expression("CSharp", "1"), "Elsa.RunCSharp").ToJson());
        await host.WaitForFinishAsync(id);

        Assert.Contains("AddCSharpExpressions()", (await host.IncidentAsync(id)).Message, StringComparison.Ordinal);
    }
}
