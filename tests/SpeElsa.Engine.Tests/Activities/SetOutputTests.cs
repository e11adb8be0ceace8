using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Activities;

public sealed class SetOutputTests : EngineTest
{
    [Fact]
    public async Task An_output_of_the_workflow_is_kept_with_it()
    {
        var id = await StartAsync(A.Sequence("out").With(
            Output("first", "Answer", A.JavaScript("({ n: 41 })")),
            A.Event("wait", "go"),
            Output("second", "Other", A.Text("text"))));
        var wait = await Host.WaitForBookmarkOfAsync(id, "wait");
        await RestartAsync();
        await Host.SignalAsync(wait);

        await FinishesAsync(id);
        var output = (await Host.StateAsync(id)).Output;
        Assert.Equal("text", output["Other"]);
        Assert.Equal(41d, Convert.ToDouble(Assert.IsType<IDictionary<string, object?>>(output["Answer"], exactMatch: false)["n"], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Without_a_name_it_says_what_to_do()
    {
        var incident = await FaultsAsync(A.Sequence("nameless").With(A.Node("set", "Elsa.SetOutput", ("outputValue", A.Text("x")))));

        Assert.Equal("Choose the output to write.", incident.Message);
    }

    private static System.Text.Json.Nodes.JsonObject Output(string id, string name, System.Text.Json.Nodes.JsonObject value) =>
        A.Node(id, "Elsa.SetOutput", ("outputName", A.Text(name)), ("outputValue", value));
}
