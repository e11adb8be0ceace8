using Elsa.Expressions.Contracts;
using Elsa.Expressions.Models;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Expressions.CSharp;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Expressions;

public sealed class CSharpTests : IAsyncLifetime
{
    private TestHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_script_reads_and_writes_what_the_run_has()
    {
        (string Code, string Expected)[] scripts =
        [
            ("Variable.Text", "abc"),
            ("Variable.Get(\"Text\")", "abc"),
            ("Variable.Get<long>(\"Number\") + 1", "6"),
            ("Variable.Number + 1", "6"),
            ("Variable.Set(\"Text\", \"new\"); return Variable.Text;", "new"),
            ("Variable.Number = 8; return Variable.Number;", "8"),
            ("Variable.Object.a.b[2].c", "d"),
            ("Variable.Get(\"Nope\") == null", "True"),
            ("Input.Get(\"who\")", "Bob"),
            ("Input.who + Input.Get<string>(\"who\")", "BobBob"),
            ("Output.From(\"script\").n", "4"),
            ("Output.From<Dictionary<string, int>>(\"script\", \"Result\")[\"n\"]", "4"),
            ("Output.LastResult.n", "4"),
            ("WorkflowInstanceId.Length", "32"),
            ("WorkflowDefinitionId + WorkflowDefinitionVersion + (WorkflowDefinitionVersionId.Length > 0)", "csharp1True"),
            ("CorrelationId = \"order-1\"; return CorrelationId;", "order-1"),
            ("WorkflowInstanceName = \"mine\"; return WorkflowInstanceName;", "mine"),
            ("using Elsa.Extensions; ExecutionContext.GetVariable<int>(\"Number\")", "8"),
            ("var a = 1; return a + 1;", "2"),
            ("new[] { 3, 1, 2 }.Order().ToList()", "[1,2,3]"),
            ("new { a = 1, b = new { c = (int?)null } }", """{"a":1,"b":{}}"""),
            ("await System.Threading.Tasks.Task.FromResult(5)", "5"),
            ("JsonSerializer.Deserialize<JsonElement>(\"[1]\")", "[1]"),
            ("double.NaN", ""),
            ("null", ""),
        ];

        var id = await RunAsync(_host, [.. scripts.Select((script, index) => Set($"line{index}", script.Code))]);

        Assert.Equal(scripts.Select(script => script.Expected), (await _host.LinesAsync(id)).Select(line => line ?? ""));
    }

    [Theory]
    [InlineData("1 +\n  nothing", "line 2, column 3: CS0103")]
    [InlineData("int a = \"x\"", "CS0029")]
    [InlineData("throw new InvalidOperationException(\"on purpose\");", "on purpose")]
    [InlineData("Variable.Nope", "declares the variable 'Nope'")]
    [InlineData("Variable.Number = \"many\"", "'many' can not be read as Int32")]
    [InlineData("new Func<int>(() => 1)", "gave a function")]
    [InlineData("System.Threading.Tasks.Task.FromResult(1)", "gave a task")]
    [InlineData("var a = new Dictionary<string, object>(); a[\"a\"] = a; return a;", "can not be stored")]
    [InlineData("new[] { double.NaN }", "can not be stored")]
    public async Task A_script_that_fails_says_why_and_where(string code, string expected)
    {
        var id = await _host.StartWorkflowAsync(Definition([Set("line", code)]));
        await _host.WaitForFinishAsync(id);

        Assert.Contains(expected, (await _host.IncidentAsync(id)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_script_gives_shares_nothing_with_another_variable()
    {
        var id = await RunAsync(_host, [
            A.Node("copy", "Elsa.SetVariable", ("variable", A.Variable("V")), ("value", CSharp("Variable.Object"))),
            Set("change", "Variable.V.a = 1; return Variable.Object.a.b.Count;")]);

        Assert.Equal(["3"], await _host.LinesAsync(id));
    }

    [Fact]
    public async Task A_host_brings_namespaces_assemblies_and_methods()
    {
        await using var host = await StartAsync(options =>
        {
            options.Assemblies.Add(typeof(CSharpTests).Assembly);
            options.Namespaces.Add(typeof(CSharpTests).Namespace!);
            options.AppendScript("string Greet(string name) => $\"Hello {name}!\";");
            options.AppendScript("string GreetAll() => Greet(\"all\") + Visible.Word + WorkflowDefinitionId;");
        });

        var id = await RunAsync(host, [Set("line", "Greet(\"Alice\") + GreetAll()"), Set("error", "using System.IO;\nPath.GetFileName(\"a/b\")")]);

        Assert.Equal(["Hello Alice!Hello all!seencsharp", "b"], await host.LinesAsync(id));
    }

    [Fact]
    public async Task Scripts_that_fell_out_of_the_cache_still_run()
    {
        await using var host = await StartAsync(options => options.CacheSize = 1);

        var id = await RunAsync(host, [Set("a", "\"a\""), Set("b", "\"b\""), Set("c", "\"a\"")]);

        Assert.Equal(["a", "b", "a"], await host.LinesAsync(id));
    }

    [Fact]
    public async Task A_script_without_dynamic_members_that_fell_out_of_the_cache_is_unloaded()
    {
        Visible.Loaded.Clear();
        await using var host = await StartAsync(options =>
        {
            options.CacheSize = 1;
            options.Assemblies.Add(typeof(CSharpTests).Assembly);
            options.Namespaces.Add(typeof(CSharpTests).Namespace!);
        });

        await RunAsync(host, [.. Enumerable.Range(0, 5).Select(index => Set($"line{index}", $"Visible.See(System.Reflection.Assembly.GetExecutingAssembly()); return 1 + {index};"))]);

        Assert.Equal(5, Visible.Loaded.Count);
        await Eventually.TrueAsync(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return Task.FromResult(Visible.Loaded.Count(assembly => assembly.IsAlive) <= 1);
            },
            "unload scripts");
    }

    [Fact]
    public async Task A_script_does_not_begin_when_the_process_stops()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var context = new ExpressionExecutionContext(_host.Services, new MemoryRegister(), cancellationToken: stop.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _host.Services.GetRequiredService<IExpressionEvaluator>().EvaluateAsync<int>(new Expression("CSharp", "1"), context));
    }

    [Fact]
    public async Task Without_the_hosts_leave_there_is_no_CSharp()
    {
        await using var host = await TestHost.StartInMemoryAsync();

        var id = await host.StartWorkflowAsync(Definition([Set("line", "1")]));
        await host.WaitForFinishAsync(id);

        Assert.Contains("'CSharp' is not available here", (await host.IncidentAsync(id)).Message, StringComparison.Ordinal);
    }

    internal static Task<TestHost> StartAsync(Action<CSharpOptions>? configure = null) =>
        TestHost.StartInMemoryAsync(new InMemoryStore(), services => services.AddCSharpExpressions(configure));

    private static System.Text.Json.Nodes.JsonObject CSharp(string code) => A.Expression("CSharp", code);

    private static System.Text.Json.Nodes.JsonObject Set(string id, string code) => A.Node(id, "Elsa.WriteLine", ("text", CSharp(code)));

    private static string Definition(System.Text.Json.Nodes.JsonObject[] lines) => A.Sequence("csharp")
        .Variable("Text", "String", "abc").Variable("Number", "Int32", "5").Variable("V").Variable("Object", "Object", """{"a":{"b":[1,2,{"c":"d"}]}}""")
        .With([A.Node("script", "Elsa.RunJavaScript", ("script", A.JavaScript("({ n: 4 })"))), .. lines]).ToJson();

    private static async Task<string> RunAsync(TestHost host, System.Text.Json.Nodes.JsonObject[] lines)
    {
        var id = await host.StartWorkflowAsync(Definition(lines), new Dictionary<string, object?> { ["who"] = "Bob" });
        await host.WaitForFinishAsync(id);
        Assert.Empty((await host.StateAsync(id)).Incidents.Select(incident => incident.Message));
        return id;
    }
}

/// <summary>What a script of a test uses of this assembly.</summary>
public static class Visible
{
    public const string Word = "seen";

    internal static List<WeakReference> Loaded { get; } = [];

    public static void See(System.Reflection.Assembly assembly) => Loaded.Add(new WeakReference(assembly));
}
