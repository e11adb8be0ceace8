using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Expressions.JavaScript;
using SpeElsa.Engine.Storage;
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
    [InlineData("getWorkflowDefinitionVersion()", "1")]
    [InlineData("getWorkflowDefinitionVersionId().length > 0", "True")]
    [InlineData("setCorrelationId('order-1'); getCorrelationId()", "order-1")]
    [InlineData("setWorkflowInstanceName('mine'); getWorkflowInstanceName()", "mine")]
    [InlineData("getWorkflowInstanceName() === null", "True")]
    [InlineData("[newGuid(), newGuidString(), getGuid(), getGuidString()].every(g => parseGuid(g) === g && g.length === 36)", "True")]
    [InlineData("newGuid() === newGuid()", "False")]
    [InlineData("parseGuid('{0C5F8D5E-8F6C-4B4C-9A5B-1B1F0E2B7A11}')", "0c5f8d5e-8f6c-4b4c-9a5b-1b1f0e2b7a11")]
    [InlineData("/^[A-Za-z0-9_-]{22}$/.test(newShortGuid()) && /^[A-Za-z0-9_-]{22}$/.test(getShortGuid())", "True")]
    [InlineData("bytesToString(bytesFromString('grün'))", "grün")]
    [InlineData("bytesFromString('abc').length", "3")]
    [InlineData("bytesToBase64(bytesFromString('abc'))", "YWJj")]
    [InlineData("bytesToBase64([97, 98, 99])", "YWJj")]
    [InlineData("bytesToString(bytesFromBase64('YWJj'))", "abc")]
    [InlineData("stringToBase64('abc')", "YWJj")]
    [InlineData("stringFromBase64('YWJj')", "abc")]
    [InlineData("streamToBase64(bytesFromString('abc'))", "YWJj")]
    [InlineData("bytesFromString('abc')", "YWJj")]
    [InlineData("parseJson('{\"a\":[1]}').a[0]", "1")]
    [InlineData("utcNow() instanceof Date && Math.abs(utcNow() - new Date()) < 60000", "True")]
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

    [Theory]
    [InlineData("variables.Text = 'new'; getText()", "new")]
    [InlineData("variables['Text'] = 'new'; variables.Text", "new")]
    [InlineData("variables.Number++; getNumber()", "6")]
    [InlineData("variables.Number = '7'; getNumber() + 1", "8")]
    [InlineData("variables.Object.a.b.push(4); getObject().a.b.length", "4")]
    [InlineData("variables.Object.x = 1; setVariable('Object', { y: 2 }); toJson(variables.Object)", """{"y":2}""")]
    [InlineData("Object.keys(variables).sort().join()", "Number,Object,Text")]
    [InlineData("'Text' in variables && !('Nope' in variables)", "True")]
    [InlineData("variables.Nope === undefined", "True")]
    [InlineData("const { Text, Number: n } = variables; Text + n", "abc5")]
    [InlineData("toJson({ ...variables }.Number)", "5")]
    public Task The_object_variables_reads_and_writes(string code, string expected) => AssertSaysAsync(expected, code);

    [Fact]
    public async Task What_a_script_writes_the_next_activity_reads()
    {
        var id = await RunAsync(A.Sequence("write").Variable("V", "Object", """{"list":[1]}""").Variable("order id", "Int32", "1").With(
            A.Say("change", "variables.V.list.push(2); variables['order id'] = 5; getOrderId()"), A.Say("read", "toJson(getV()) + getOrderId()")));

        Assert.Equal(["5", """{"list":[1,2]}5"""], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task Outputs_and_inputs_have_functions_of_their_own()
    {
        var source = A.Node("source", "Elsa.RunJavaScript", ("name", "Ask Bob"), ("script", A.JavaScript("({ n: 4 })")));
        var id = await RunAsync(
            A.Sequence("functions").With(
                source,
                A.Say("named", "getResultFromAskBob().n + getOutputFrom('Ask Bob').n + getOutputFrom('source', 'Result').n + getLastResult().n"),
                A.Say("input", "getOrder().id + getInput('order').id")),
            new Dictionary<string, object?> { ["order"] = new Dictionary<string, object?> { ["id"] = 21 } });

        Assert.Equal(["16", "42"], await Host.LinesAsync(id));
    }

    [Fact]
    public async Task A_variable_takes_no_function_away()
    {
        var text = await SayAsync("setVariable('Variable', 'x'); getVariable('Variable')", definition => definition.Variable("Variable", "String", "abc"));

        Assert.Equal("x", text);
    }

    [Fact]
    public async Task A_host_can_give_scripts_functions_and_types()
    {
        await using var host = await TestHost.StartInMemoryAsync(
            new InMemoryStore(),
            services => services.Configure<JavaScriptOptions>(options => options.RegisterType<Version>().ConfigureEngine(engine => engine.SetValue("shout", (string text) => text + "!"))));

        var id = await host.StartWorkflowAsync(A.Sequence("host").With(A.Say("line", "shout(new Version(1, 2).ToString())")).ToJson());

        await host.WaitForFinishAsync(id);
        Assert.Equal(["1.2!"], await host.LinesAsync(id));
    }

    [Fact]
    public async Task A_host_can_open_NET_to_scripts()
    {
        await using var host = await TestHost.StartInMemoryAsync(new InMemoryStore(), services => services.Configure<JavaScriptOptions>(options => options.AllowClrAccess = true));

        var id = await host.StartWorkflowAsync(A.Sequence("clr").With(A.Say("line", "System.Math.Max(1, 2)")).ToJson());

        await host.WaitForFinishAsync(id);
        Assert.Equal(["2"], await host.LinesAsync(id));
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

    [Theory]
    [InlineData("setVariable('Nope', 1)", "declares the variable 'Nope'")]
    [InlineData("setNumber('many')", "'many' can not be read as Int32")]
    [InlineData("throw new Error('on purpose')", "on purpose")]
    [InlineData("this is no script", "Unexpected")]
    [InlineData("variables.Nope = 1", "declares the variable 'Nope'")]
    [InlineData("1;\n  nothing.there", "nothing is not defined (line 2, column 3)")]
    [InlineData("let a =\n  this is wrong", "can not be read: Unexpected identifier 'is' (line 2, column 8)")]
    [InlineData("Promise.reject('no')", "rejected: no")]
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
