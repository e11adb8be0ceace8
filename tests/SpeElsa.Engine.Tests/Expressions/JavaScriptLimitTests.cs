using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Expressions.JavaScript;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Expressions;

public sealed class JavaScriptLimitTests : EngineTest
{
    [Fact]
    public async Task A_script_that_does_not_end_is_stopped()
    {
        Options.Timeout = TimeSpan.FromMilliseconds(200);

        var incident = await FaultsAsync(A.Sequence("endless").With(A.Say("line", "while (true) {}")));

        Assert.Contains("ran longer than 0.2 s", incident.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_takes_too_much_memory_is_stopped()
    {
        Options.MemoryBytes = 4 * 1024 * 1024;

        var incident = await FaultsAsync(A.Sequence("hungry").With(A.Say("line", "const a = []; while (true) a.push('x'.repeat(1000) + a.length)")));

        Assert.Contains("allocated more than 4194304 bytes", incident.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("function f() { return f() + 1 } f()")]
    [InlineData("const o = { toString() { return '' + this } }; '' + o")]
    [InlineData("const o = { toJSON() { return JSON.stringify(o) } }; o")]
    [InlineData("function f() { return [1].map(f) } f()")]
    [InlineData("let a = []; for (let i = 0; i < 20000; i++) a = [a]; return a")]
    [InlineData("let a = []; for (let i = 0; i < 200000; i++) a = [a]; return '' + a")]
    [InlineData("eval('('.repeat(20000) + ')'.repeat(20000))")]
    [InlineData("eval('1' + '+1'.repeat(20000)); return missing")]
    public async Task A_script_that_goes_too_deep_is_an_incident_and_not_the_end_of_the_process(string code)
    {
        var incident = await FaultsAsync(A.Sequence("deep").With(A.Say("line", code)));

        Assert.NotEmpty(incident.Message);
    }

    [Theory]
    [InlineData("'x'.repeat(2 ** 30)")]
    [InlineData("let s = 'x'; for (let i = 0; i < 40; i++) s += s; s.length")]
    [InlineData("new Array(2 ** 31).fill(0)")]
    [InlineData("new ArrayBuffer(2 ** 31)")]
    [InlineData("[...'x'.repeat(2 ** 24)].map(c => c + c).length")]
    public async Task One_call_that_takes_too_much_memory_is_an_incident(string code)
    {
        var incident = await FaultsAsync(A.Sequence("bomb").With(A.Say("line", code)));

        Assert.NotEmpty(incident.Message);
    }

    [Fact]
    public async Task A_script_that_calls_itself_without_end_is_stopped()
    {
        Options.MaxRecursion = 50;

        var incident = await FaultsAsync(A.Sequence("recursive").With(A.Say("line", "function f(n) { return f(n + 1) } f(0)")));

        Assert.Contains("nest deeper than 50", incident.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_of_too_many_statements_is_stopped()
    {
        Options.MaxStatements = 1000;

        var incident = await FaultsAsync(A.Sequence("long").With(A.Say("line", "let n = 0; while (true) { n++ }")));

        Assert.Contains("more than 1000 statements", incident.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pattern_that_backtracks_without_end_is_stopped()
    {
        Options.Timeout = TimeSpan.FromMilliseconds(200);

        var incident = await FaultsAsync(A.Sequence("pattern").With(A.Say("line", "/^(a+)+$/.test('a'.repeat(40) + 'b')")));

        Assert.NotEmpty(incident.Message);
    }

    [Fact]
    public async Task A_promise_that_nobody_keeps_is_not_awaited_for_ever()
    {
        Options.Timeout = TimeSpan.FromMilliseconds(200);

        var incident = await FaultsAsync(A.Sequence("promise").With(A.Say("line", "new Promise(() => {})")));

        Assert.Contains("0.2", incident.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(JavaScriptOptions.Timeout))]
    [InlineData(nameof(JavaScriptOptions.MemoryBytes))]
    [InlineData(nameof(JavaScriptOptions.MaxRecursion))]
    [InlineData(nameof(JavaScriptOptions.MaxStatements))]
    [InlineData(nameof(JavaScriptOptions.CacheSize))]
    public void A_limit_of_nothing_is_refused_by_name(string name)
    {
        var services = new ServiceCollection().AddWorkflowEngine().Configure<JavaScriptOptions>(options =>
        {
            var property = typeof(JavaScriptOptions).GetProperty(name)!;
            property.SetValue(options, Activator.CreateInstance(property.PropertyType));
        });
        using var provider = services.BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IOptions<JavaScriptOptions>>().Value);

        Assert.Contains($"JavaScriptOptions.{name} has to be", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scripts_that_fell_out_of_the_cache_still_run()
    {
        Options.CacheSize = 1;

        var id = await RunAsync(A.Sequence("cache").With(A.Say("a", "'a'"), A.Say("b", "'b'"), A.Say("c", "'a'"), A.Say("d", "'b'")));

        Assert.Equal(["a", "b", "a", "b"], await Host.LinesAsync(id));
    }

    private JavaScriptOptions Options => Host.Services.GetRequiredService<IOptions<JavaScriptOptions>>().Value;
}
