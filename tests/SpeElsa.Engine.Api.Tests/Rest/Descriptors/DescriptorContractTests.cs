using System.Text.Json.Nodes;
using SpeElsa.Engine.Api.Tests.Rest.Definitions;

namespace SpeElsa.Engine.Api.Tests.Rest.Descriptors;

/// <summary>What the designer asks of the host, compared with what a real Elsa server answered.</summary>
public sealed class DescriptorContractTests : DefinitionTest
{
    /// <summary>Where ours differs and why.</summary>
    private static readonly (string Recording, string Path, string Reason)[] Allowed =
    [
        ("015-descriptors-activity-writeline", "clrType", "class names never leave the process"),
        ("015-descriptors-activity-writeline", "customProperties", "class names never leave the process"),
        ("016-descriptors-activity-writeline-v1", "clrType", "class names never leave the process"),
        ("016-descriptors-activity-writeline-v1", "customProperties", "class names never leave the process"),
        ("018-descriptors-expression-descriptors", "items[].properties", "hints of each syntax"),
        ("026-descriptors-output-converters", "type", "problem details too"),
        ("026-descriptors-output-converters", "title", "problem details too"),
        ("026-descriptors-output-converters", "status", "problem details too"),
        ("026-descriptors-output-converters", "detail", "problem details too"),
    ];

    [Theory]
    [InlineData("011-apikey-package-version")]
    [InlineData("012-unknown-endpoint")]
    [InlineData("015-descriptors-activity-writeline")]
    [InlineData("016-descriptors-activity-writeline-v1")]
    [InlineData("017-descriptors-activity-unknown")]
    [InlineData("018-descriptors-expression-descriptors")]
    [InlineData("019-descriptors-variables")]
    [InlineData("020-descriptors-incident-strategies")]
    [InlineData("021-descriptors-workflow-activation-strategies")]
    [InlineData("022-descriptors-storage-drivers")]
    [InlineData("023-descriptors-log-persistence-strategies")]
    [InlineData("024-descriptors-commit-strategies-workflows")]
    [InlineData("025-descriptors-commit-strategies-activities")]
    [InlineData("026-descriptors-output-converters")]
    [InlineData("027-features-installed")]
    [InlineData("028-features-installed-one")]
    [InlineData("029-features-installed-unknown")]
    [InlineData("030-package-version")]
    [InlineData("034-descriptor-options-httpendpoint-policy")]
    [InlineData("140-definitions-refresh")]
    public async Task A_request_is_answered_as_recorded(string name)
    {
        var recording = Recording.Read(name);
        using var response = await SendAsync(new HttpMethod(recording.Method), recording.Path["/elsa/api/".Length..], recording.Body?.ToJsonString());
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(recording.Status, (int)response.StatusCode);
        Assert.Equal(recording.Answer is null, text.Length == 0);
        string[] allowed = [.. Allowed.Where(difference => difference.Recording == name).Select(difference => difference.Path)];
        Assert.Equal("", string.Join('\n', Shape.Differences(recording.Answer, text.Length == 0 ? null : JsonNode.Parse(text), allowed)));
    }

    [Theory]
    [InlineData("018-descriptors-expression-descriptors", "type")]
    [InlineData("020-descriptors-incident-strategies", "typeName")]
    [InlineData("021-descriptors-workflow-activation-strategies", "typeName")]
    [InlineData("022-descriptors-storage-drivers", "typeName")]
    public async Task What_definitions_name_has_the_names_that_Elsa_has(string name, string member)
    {
        var recording = Recording.Read(name);
        var ours = await GetAsync(recording.Path["/elsa/api/".Length..]);

        Assert.Empty(Names(recording.Answer!).Except(Names(ours!)));
        Assert.Equal(Names(ours!).Length, Names(ours!).Distinct().Count());

        string[] Names(JsonNode answer) => [.. answer["items"]!.AsArray().Select(item => (string)item![member]!)];
    }

    [Fact]
    public async Task Each_activity_type_is_listed_once_with_what_its_editors_need()
    {
        var list = (await GetAsync("descriptors/activities?Refresh=True"))!;
        var items = list["items"]!.AsArray();

        Assert.Equal(items.Count, (int)list["count"]!);
        Assert.Equal(items.Count, items.Select(item => ((string)item!["typeName"]!, (int)item["version"]!)).Distinct().Count());
        Assert.Contains("Elsa.HttpEndpoint", items.Select(item => (string)item!["typeName"]!));
        Assert.All(items.SelectMany(item => item!["inputs"]!.AsArray()), input => Assert.NotNull(input!["uiHint"]));
    }

    [Fact]
    public async Task The_choices_of_an_input_are_told_by_its_editor()
    {
        var answer = await SendAsync("descriptors/activities/Elsa.HttpEndpoint/options/SupportedMethods", JsonNode.Parse("""{"context":{"path":{"typeName":"String"}}}"""));

        Assert.Contains("GET", answer!["items"]!["checklist"]!["checkList"]!["items"]!.AsArray().Select(item => (string)item!["value"]!));
    }

    [Theory]
    [InlineData("GET", "resilience/strategies")]
    [InlineData("GET", "secrets/descriptors")]
    [InlineData("GET", "admin/workflow-runtime/status")]
    [InlineData("POST", "tests/activities")]
    public async Task What_this_host_does_not_have_is_not_found(string method, string path)
    {
        using var response = await SendAsync(new HttpMethod(method), path, method == "POST" ? "{}" : null);

        Assert.Equal(404, (int)response.StatusCode);
    }
}
