using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Activities;

public sealed class ForEachTests : EngineTest
{
    [Fact]
    public async Task ForEach_runs_its_body_for_each_item_in_order_and_a_restart_keeps_the_items()
    {
        var loop = A.ForEach("each", "getItems()", A.Steps("body", A.Event("wait", "go"), A.Say("say", "getCurrentIndex() + ':' + getCurrentValue().name + ':' + getItem().name")));
        loop["currentValue"] = A.Into("Item");
        var id = await StartAsync(A.Sequence("items")
            .Variable("Items").Variable("Item")
            .With(A.Set("make", "Items", "[{ name: 'a' }, { name: 'b' }]"), loop, A.Line("after")));

        for (var round = 1; round <= 2; round++)
        {
            var wait = await Host.WaitForBookmarkOfAsync(id, "wait");
            await RestartAsync();
            await Host.SignalAsync(wait);
            await Eventually.TrueAsync(async () => (await Host.CompletedAsync(id)).Count(activity => activity == "say") == round, $"round {round}");
        }

        await FinishesAsync(id);
        Assert.Equal(["0:a:a", "1:b:b", "after"], await Host.LinesAsync(id));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    public async Task ForEach_of_nothing_completes_at_once(string items)
    {
        var id = await RunAsync(A.Sequence("none").With(A.ForEach("each", items, A.Line("body")), A.Line("after")));

        Assert.Equal(["each", "after"], await Host.CompletedAsync(id));
    }

    [Fact]
    public async Task Items_may_be_written_as_a_json_list()
    {
        var loop = A.Node("each", "Elsa.ForEach", ("items", A.Expression("Object", """["x", 2, null]""")), ("body", A.Say("say", "'' + getCurrentValue()")));
        var id = await RunAsync(A.Sequence("literal").With(loop));

        Assert.Equal(["x", "2", "null"], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task What_a_round_declares_ends_with_it()
    {
        var body = A.Declaring(
            A.Steps("body", A.Set("add", "Seen", "(getSeen() || '') + getCurrentValue()"), A.Say("say", "getSeen()")),
            A.Variable("Seen"));
        var id = await RunAsync(A.Sequence("scopes").With(A.ForEach("each", "['a', 'b']", body)));

        Assert.Equal(["a", "b"], await Host.LinesAsync(id));
    }
}
