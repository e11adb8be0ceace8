using Elsa.Expressions.Models;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Activities;

public sealed class ConsoleTests : EngineTest
{
    public static TheoryData<WriteLine, string> WaysToSayIt => new()
    {
        { new WriteLine("x"), "Literal" },
        { new WriteLine(() => "x"), "Delegate" },
        { new WriteLine(_ => "x"), "Delegate" },
        { new WriteLine(new Variable<string>("x", "x")), "Variable" },
        { new WriteLine(new Literal<string>("x")), "Literal" },
        { new WriteLine(new Expression("JavaScript", "'x'")), "JavaScript" },
        { new WriteLine(new Input<string>("x")), "Literal" },
    };

    [Fact]
    public async Task ReadLine_waits_for_a_line_that_comes_from_outside()
    {
        var read = A.Node("read", "Elsa.ReadLine", ("result", A.Into("Line")));
        var id = await StartAsync(A.Sequence("read").Variable("Line", "String").With(read, A.Say("say", "getLine() + '!'")));
        var wait = await Host.WaitForBookmarkOfAsync(id, "read", "Elsa.ReadLine");
        await RestartAsync();
        await Host.Inbox.SendAsync(A.Signal("line", id, wait.Id, input: """{"Line":"hello"}"""), default);

        await FinishesAsync(id);
        Assert.Equal(["hello!"], await Host.LinesAsync(id));
    }

    [Theory]
    [MemberData(nameof(WaysToSayIt), DisableDiscoveryEnumeration = true)]
    public void A_line_may_be_given_in_each_way_an_author_knows(WriteLine activity, string syntax) => Assert.Equal(syntax, activity.Text.Expression?.Type);
}
