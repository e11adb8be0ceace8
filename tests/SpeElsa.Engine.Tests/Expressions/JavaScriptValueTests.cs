using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Expressions;

/// <summary>What becomes of values that JSON does not have.</summary>
public sealed class JavaScriptValueTests : EngineTest
{
    [Theory]
    [InlineData("undefined", "null")]
    [InlineData("NaN", "null")]
    [InlineData("-Infinity", "null")]
    [InlineData("-0", "0")]
    [InlineData("42n", "42")]
    [InlineData("9007199254740993n", "9007199254740993")]
    [InlineData("1e300", "1E+300")]
    [InlineData("new Date(0)", "\"1970-01-01T00:00:00.000Z\"")]
    [InlineData("new Date('nonsense')", "null")]
    [InlineData("({ a: undefined, b: () => 1, c: Symbol('s'), d: NaN, e: new Date(0) })", """{"d":null,"e":"1970-01-01T00:00:00.000Z"}""")]
    [InlineData("[undefined, () => 1, NaN]", "[null,null,null]")]
    [InlineData("new Map([[1, 2]])", "{}")]
    [InlineData("({ toJSON() { return [1] } })", "[1]")]
    [InlineData("({ b: bytesFromString('abc') })", """{"b":"YWJj"}""")]
    [InlineData("/x/", "{}")]
    [InlineData("'\\ud800'", "\"\ufffd\"")]
    [InlineData("['\\ud800x']", "[\"\ufffdx\"]")]
    [InlineData("'\\ud83d\\ude00'", "\"\\uD83D\\uDE00\"")]
    [InlineData("Promise.resolve([1])", "[1]")]
    [InlineData("(async () => { const a = await 1; return a + 1 })()", "2")]
    [InlineData("JSON.parse('{\"__proto__\":{\"x\":1}}')", """{"__proto__":{"x":1}}""")]
    [InlineData("const a = []; a[3] = 1; return a", "[null,null,null,1]")]
    public async Task A_value_becomes_data(string code, string expected)
    {
        var id = await StartAsync(A.Sequence("data").Variable("V").With(A.Set("set", "V", code), A.Event("wait", "go")));
        await Host.WaitForBookmarkOfAsync(id, "wait");

        var state = await Host.StateAsync(id);
        var variables = (IDictionary<string, object?>)state.ActivityExecutionContexts.Select(context => context.Properties.TryGetValue("Variables", out var found) ? found : null).First(found => found is not null)!;

        Assert.Equal(expected, SpeElsa.Engine.Serialization.EngineJson.Write(variables["var-V"]));
    }

    [Theory]
    [InlineData("() => 1", "gave a function")]
    [InlineData("class A {} A", "gave a function")]
    [InlineData("Symbol('s')", "gave a symbol")]
    [InlineData("2n ** 70n", "beyond 64 bits")]
    [InlineData("({ a: 1n })", "A BigInt within an object")]
    [InlineData("const a = {}; a.a = a; return a", "yclic")]
    public async Task A_value_that_is_no_data_is_an_incident(string code, string expected)
    {
        var incident = await FaultsAsync(A.Sequence("nodata").Variable("V").With(A.Set("set", "V", code)));

        Assert.Contains(expected, incident.Message, StringComparison.Ordinal);
    }
}
