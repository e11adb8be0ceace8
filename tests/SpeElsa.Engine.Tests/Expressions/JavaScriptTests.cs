using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Expressions.JavaScript;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Expressions;

public sealed class JavaScriptTests : EngineTest
{
    [Theory]
    [InlineData("getVariable('Text')", "abc")]
    [InlineData("getVariable('Nope') === null", "True")]
    [InlineData("setVariable('Text', 'new'); getText()", "new")]
    [InlineData("setText('own'); getVariable('Text')", "own")]
    [InlineData("variables.Text + variables.Number", "abc5")]
    [InlineData("getNumber() + 1", "6")]
    [InlineData("getWorkflowInstanceId().length", "32")]
    [InlineData("getWorkflowDefinitionId()", "say")]
    [InlineData("getCorrelationId() == null", "True")]
    [InlineData("getInput('nothing') == null", "True")]
    [InlineData("getOutputFrom('nothing') == null", "True")]
    [InlineData("getLastResult() == null", "True")]
    [InlineData("isNullOrEmpty('') && isNullOrEmpty(null) && !isNullOrEmpty(' ')", "True")]
    [InlineData("isNullOrWhiteSpace(' ') && !isNullOrWhiteSpace('x')", "True")]
    [InlineData("toJson({ a: [1, 'x', null, true] })", """{"a":[1,"x",null,true]}""")]
    [InlineData("const a = 1; return a + 1;", "2")]
    [InlineData("if (true) { return 'early' } return 'late'", "early")]
    [InlineData("`${[3, 1, 2].sort().map(n => n * 2)}`", "2,4,6")]
    [InlineData("JSON.stringify(getVariable('Object'))", """{"a":{"b":[1,2,{"c":"d"}]}}""")]
    [InlineData("9007199254740991", "9007199254740991")]
    [InlineData("0.1 + 0.2", "0.30000000000000004")]
    [InlineData("NaN", "")]
    [InlineData("1 / 0", "")]
    [InlineData("undefined", "")]
    [InlineData("new Date(Date.UTC(2026, 2, 1, 8, 30))", "2026-03-01T08:30:00.000Z")]
    public Task A_script_gives(string code, string expected) => AssertSaysAsync(expected, code);

    [Fact]
    public async Task What_a_script_changes_in_a_value_does_not_leak_into_the_variable()
    {
        var id = await RunAsync(A.Sequence("leak").Variable("V", "Object", """{"a":1}""").With(
            A.Say("change", "const v = getV(); v.a = 2; v.a"), A.Say("read", "getV().a")));

        Assert.Equal(["2", "1"], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task Objects_arrays_and_dates_come_through_variables_as_they_were()
    {
        var id = await RunAsync(A.Sequence("round").Variable("V").Variable("At", "DateTimeOffset").With(
            A.Set("set", "V", "({ list: [1, 2.5, 'x', null, true, { deep: [] }], at: new Date(0), text: 'ü \\u2028 \"' })"),
            A.Set("date", "At", "new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678))", "DateTimeOffset"),
            A.Say("read", "JSON.stringify(getV())"),
            A.Say("at", "new Date(getAt()).getTime() === Date.UTC(2026, 0, 2, 3, 4, 5, 678)")));

        Assert.Equal(["{\"list\":[1,2.5,\"x\",null,true,{\"deep\":[]}],\"at\":\"1970-01-01T00:00:00.000Z\",\"text\":\"ü \u2028 \\\"\"}", "True"], await Host.LinesAsync(id));
    }

    [Theory]
    [InlineData("typeof System")]
    [InlineData("typeof importNamespace")]
    [InlineData("typeof require")]
    [InlineData("typeof process")]
    [InlineData("typeof getVariable('Object').GetType")]
    [InlineData("typeof getVariable.GetType")]
    [InlineData("typeof variables.GetType")]
    [InlineData("typeof 'text'.GetType")]
    public Task A_script_reaches_nothing_of_NET(string code) => AssertSaysAsync("undefined", code);

    [Fact]
    public async Task A_script_that_does_not_end_is_stopped()
    {
        Host.Services.GetRequiredService<IOptions<JavaScriptOptions>>().Value.Timeout = TimeSpan.FromMilliseconds(200);

        var incident = await FaultsAsync(A.Sequence("endless").With(A.Say("line", "while (true) {}")));

        Assert.Contains("ran longer than 0.2 s", incident.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_takes_too_much_memory_is_stopped()
    {
        Host.Services.GetRequiredService<IOptions<JavaScriptOptions>>().Value.MemoryBytes = 4 * 1024 * 1024;

        var incident = await FaultsAsync(A.Sequence("hungry").With(A.Say("line", "const a = []; while (true) a.push('x'.repeat(1000) + a.length)")));

        Assert.Contains("allocated more than 4194304 bytes", incident.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("function f() { return f() + 1 } f()")]
    [InlineData("const o = { toString() { return '' + this } }; '' + o")]
    [InlineData("const o = { toJSON() { return JSON.stringify(o) } }; o")]
    [InlineData("function f() { return [1].map(f) } f()")]
    [InlineData("let a = []; for (let i = 0; i < 20000; i++) a = [a]; return a")]
    [InlineData("let a = []; for (let i = 0; i < 5000; i++) a = [a]; return '' + a")]
    [InlineData("eval('('.repeat(20000) + ')'.repeat(20000))")]
    [InlineData("eval('1' + '+1'.repeat(20000)); return missing")]
    public async Task A_script_that_goes_too_deep_is_an_incident_and_not_the_end_of_the_process(string code)
    {
        var incident = await FaultsAsync(A.Sequence("deep").With(A.Say("line", code)));

        Assert.NotEmpty(incident.Message);
    }

    [Theory]
    [InlineData("setVariable('Nope', 1)", "declares the variable 'Nope'")]
    [InlineData("setNumber('many')", "'many' can not be read as Int32")]
    [InlineData("throw new Error('on purpose')", "on purpose")]
    [InlineData("this is no script", "Unexpected")]
    public async Task A_script_that_fails_says_why(string code, string expected)
    {
        var incident = await FaultsAsync(A.Sequence("fails").Variable("Number", "Int32", "5").With(A.Say("line", code)));

        Assert.Contains(expected, incident.Message, StringComparison.Ordinal);
    }

    private async Task AssertSaysAsync(string expected, string code) => Assert.Equal(
        expected,
        await SayAsync(code, definition => definition
            .Variable("Text", "String", "abc").Variable("Number", "Int32", "5").Variable("Object", "Object", """{"a":{"b":[1,2,{"c":"d"}]}}""")));
}
