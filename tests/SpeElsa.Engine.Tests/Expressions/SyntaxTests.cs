using System.Text.Json;
using Elsa.Expressions.Contracts;
using Elsa.Expressions.Models;
using Elsa.Extensions;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Expressions;

public sealed class SyntaxTests : EngineTest
{
    /// <summary>What a server of Elsa 3.8 answers, and Output, which it does not have.</summary>
    private static readonly string[] Known =
    [
        """{"type":"Literal","displayName":"Literal","isSerializable":true,"isBrowsable":false,"properties":{}}""",
        """{"type":"Object","displayName":"Object","isSerializable":true,"isBrowsable":false,"properties":{"MonacoLanguage":"json"}}""",
        """{"type":"Json","displayName":"Json","isSerializable":true,"isBrowsable":false,"properties":{"MonacoLanguage":"json"}}""",
        """{"type":"Delegate","displayName":"Delegate","isSerializable":false,"isBrowsable":false,"properties":{}}""",
        """{"type":"Variable","displayName":"Variable","isSerializable":true,"isBrowsable":true,"properties":{}}""",
        """{"type":"Input","displayName":"Input","isSerializable":true,"isBrowsable":true,"properties":{}}""",
        """{"type":"Output","displayName":"Output","isSerializable":true,"isBrowsable":false,"properties":{}}""",
        """{"type":"JavaScript","displayName":"JavaScript","isSerializable":true,"isBrowsable":true,"properties":{"MonacoLanguage":"javascript"}}""",
        """{"type":"Liquid","displayName":"Liquid","isSerializable":true,"isBrowsable":true,"properties":{"MonacoLanguage":"liquid"}}""",
    ];

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    [Fact]
    public void The_syntaxes_are_described_as_Elsa_does() => Assert.Equal(Known, Describe(Host));

    [Fact]
    public async Task CSharp_is_described_where_the_host_allows_it()
    {
        await using var host = await TestHost.StartInMemoryAsync(new InMemoryStore(), services => services.AddCSharpExpressions());

        Assert.Contains("""{"type":"CSharp","displayName":"C#","isSerializable":true,"isBrowsable":true,"properties":{"MonacoLanguage":"csharp"}}""", Describe(host));
    }

    [Fact]
    public async Task A_host_can_bring_a_syntax()
    {
        await using var host = await TestHost.StartInMemoryAsync(new InMemoryStore(), services => services.AddExpressionDescriptorProvider<BackwardsSyntax>());

        var id = await host.StartWorkflowAsync(A.Sequence("backwards").With(A.Node("line", "Elsa.WriteLine", ("text", A.Expression("Backwards", "olleh")))).ToJson());

        await host.WaitForFinishAsync(id);
        Assert.Equal(["hello"], await host.LinesAsync(id));
    }

    [Fact]
    public void A_syntax_that_is_added_again_takes_the_place_of_the_first()
    {
        var registry = Host.Services.GetRequiredService<IExpressionDescriptorRegistry>();

        registry.Add(new ExpressionDescriptor { Type = "liquid", DisplayName = "Other" });

        Assert.Equal("Other", registry.Find("Liquid")!.DisplayName);
        Assert.Equal(Known.Length, registry.ListAll().Count());
    }

    [Fact]
    public async Task An_unknown_syntax_does_not_matter_where_it_is_not_evaluated()
    {
        var id = await RunAsync(A.Flowchart("unknown").With(A.Line("first"), A.Node("never", "Elsa.WriteLine", ("text", A.Expression("Python", "1 + 1")))));

        Assert.Equal(["first"], await Host.LinesAsync(id));
    }

    [Theory]
    [InlineData("Literal", "7", 7)]
    [InlineData("Object", "[7]", "System.Int32[]")]
    [InlineData("Json", "7", 7)]
    [InlineData("JavaScript", "3 + 4", 7)]
    [InlineData("Liquid", "{{ 3 | plus: 4 }}", 7)]
    public async Task The_evaluator_converts_to_the_type_asked_for(string syntax, string text, object expected)
    {
        var evaluator = Host.Services.GetRequiredService<IExpressionEvaluator>();
        var context = new ExpressionExecutionContext(Host.Services, new MemoryRegister());

        var value = await evaluator.EvaluateAsync(new Expression(syntax, text), expected is int ? typeof(int) : typeof(int[]), context);

        Assert.Equal(expected, value is int ? value : value!.ToString());
    }

    [Fact]
    public async Task Arguments_of_one_evaluation_are_seen_by_every_language()
    {
        await using var host = await TestHost.StartInMemoryAsync(new InMemoryStore(), services => services.AddCSharpExpressions());
        var evaluator = host.Services.GetRequiredService<IExpressionEvaluator>();
        var context = new ExpressionExecutionContext(host.Services, new MemoryRegister());
        var options = new ExpressionEvaluatorOptions { Arguments = new Dictionary<string, object> { ["item"] = "one" } };

        Assert.Equal("one", await evaluator.EvaluateAsync<string>(new Expression("JavaScript", "getItem()"), context, options));
        Assert.Equal("one", await evaluator.EvaluateAsync<string>(new Expression("Liquid", "{{ Arguments.item }}"), context, options));
        Assert.Equal("one", await evaluator.EvaluateAsync<string>(new Expression("CSharp", "Arguments.item"), context, options));
    }

    [Theory]
    [InlineData("JavaScript", "while (true) {}")]
    [InlineData("Liquid", "{% for i in (1..999999) %}{{ i }}{% endfor %}")]
    public async Task A_stop_of_the_process_stops_a_script_and_is_no_incident(string syntax, string endless)
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var context = new ExpressionExecutionContext(Host.Services, new MemoryRegister(), cancellationToken: stop.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Host.Services.GetRequiredService<IExpressionEvaluator>().EvaluateAsync<string>(new Expression(syntax, endless), context));
    }

    [Fact]
    public async Task An_object_expression_that_is_no_JSON_says_so()
    {
        var incident = await FaultsAsync(A.Sequence("json").Variable("V").With(A.Node("set", "Elsa.SetVariable", ("variable", A.Variable("V")), ("value", A.Expression("Object", "{ a: ")))));

        Assert.Contains("The JSON of this Object expression", incident.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Describe(TestHost host) =>
        host.Services.GetRequiredService<IExpressionDescriptorRegistry>().ListAll().Select(descriptor => JsonSerializer.Serialize(
            new { descriptor.Type, descriptor.DisplayName, descriptor.IsSerializable, descriptor.IsBrowsable, descriptor.Properties }, Web));

    private sealed class BackwardsSyntax : IExpressionDescriptorProvider, IExpressionHandler
    {
        public IEnumerable<ExpressionDescriptor> GetDescriptors() => [new() { Type = "Backwards", HandlerFactory = _ => this }];

        public ValueTask<object?> EvaluateAsync(Expression expression, Type returnType, ExpressionExecutionContext context, ExpressionEvaluatorOptions options) =>
            new(new string([.. ((string)expression.Value!).Reverse()]));
    }
}
