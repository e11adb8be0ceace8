using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SpeElsa.Engine.Api.Tests.Rest.Definitions;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Api.Tests.Rest.Descriptors;

/// <summary>What the script editor completes is what scripts really have.</summary>
public sealed partial class TypeDeclarationTests : DefinitionTest
{
    [Fact]
    public async Task Variables_inputs_and_outputs_are_declared_with_their_types()
    {
        await SaveAsync(Flow());

        using var response = await PostAsync("scripting/javascript/type-definitions/flow", Recording.Read("075-js-type-definitions").Body);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal("application/x-typescript", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("elsa.flow.d.ts", response.Content.Headers.ContentDisposition?.FileName);
        string[] lines = text.Split('\n');
        Assert.Contains("declare function getGreeting(): string;", lines);
        Assert.Contains("declare function setGreeting(value: string): void;", lines);
        Assert.Contains("declare function getCount(): number;", lines);
        Assert.Contains("declare function getOrderId(): string[];", lines);
        Assert.Contains("declare function getResultFromEvent1(): any;", lines);
        Assert.Contains("Greeting: string;", lines);
        Assert.Contains("\"odd name\": any;", lines);
        Assert.DoesNotContain("setOutcome", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_declared_function_is_there_when_a_script_runs()
    {
        var declared = Declared(await DeclareAsync("Elsa.RunJavaScript"));
        var missing = $"[{string.Join(',', declared.Select(name => $"['{name}', typeof {name}]"))}].filter(pair => pair[1] !== 'function').map(pair => pair[0]).join()";
        var model = Flow();
        model["root"]!["activities"]!.AsArray().Insert(0, A.Node("Run1", "Elsa.RunJavaScript", ("script", A.JavaScript($"setVariable('Greeting', {missing})"))));
        model["root"]!["connections"] = new JsonArray(A.Connection("Run1 -> Event1"));
        await SaveAsync(model, publish: true);

        using var run = await PostAsync("workflow-definitions/flow/execute");

        var instance = run.Headers.GetValues("x-elsa-workflow-instance-id").Single();
        var variables = (await GetAsync($"workflow-instances/{instance}/variables"))!["items"]!.AsArray();
        Assert.Equal("", (string?)variables.Single(variable => (string)variable!["name"]! == "Greeting")!["value"]);
        Assert.True(declared.Length > 30);
    }

    [Fact]
    public async Task Every_function_that_Elsa_declares_for_all_scripts_is_declared()
    {
        var recorded = (string)Recording.Read("075-js-type-definitions").Answer!["$text"]!;

        var ofTheFlow = new[] { "Order", "Greeting" }.SelectMany(name => new[] { $"get{name}", $"set{name}" });
        Assert.Empty(Declared(recorded).Where(name => !name.Contains("From", StringComparison.Ordinal) || name is "getOutputFrom").Except(ofTheFlow)
            .Except(Declared(await DeclareAsync(null))));
    }

    [Theory]
    [InlineData("nope")]
    [InlineData("unreadable")]
    public async Task An_unknown_or_unreadable_definition_has_what_all_scripts_have(string definitionId)
    {
        await SaveAsync(new JsonObject { ["definitionId"] = "unreadable", ["root"] = new JsonObject { ["activities"] = 5 } });

        using var response = await PostAsync($"scripting/javascript/type-definitions/{definitionId}");

        Assert.Contains("declare function getVariable(name: string): any;", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^declare function (\w+)", RegexOptions.Multiline)]
    private static partial Regex Function();

    private static string[] Declared(string text) => [.. Function().Matches(text).Select(match => match.Groups[1].Value).Distinct()];

    private static JsonObject Flow()
    {
        var model = Model("flow");
        model["variables"] = new JsonArray(A.Variable("Greeting", "String"), A.Variable("Count", "Int32"), A.Variable("odd name"));
        model["inputs"] = JsonNode.Parse("""[{"type":"String","isArray":true,"name":"order id","displayName":"Order","uiHint":"singleline"}]""");
        model["root"] = A.Chart("Flowchart1", [A.Event("Event1", "Go")]);
        return model;
    }

    private async Task<string> DeclareAsync(string? activityType)
    {
        await SaveAsync(Flow());
        using var response = await PostAsync("scripting/javascript/type-definitions/flow", new JsonObject { ["activityTypeName"] = activityType });
        return await response.Content.ReadAsStringAsync();
    }
}
