using System.Text;

namespace SpeElsa.Engine.Api.Tests.Rest.Definitions;

/// <summary>What can not be read is refused with what is wrong, and changes nothing.</summary>
public sealed class BadRequestTests : DefinitionTest
{
    private static readonly string Deep = string.Concat(Enumerable.Repeat("{\"a\":", 600)) + "1" + new string('}', 600);

    public static TheoryData<string, string, string> Bodies => new()
    {
        { "POST", "workflow-definitions", "" },
        { "POST", "workflow-definitions", "{" },
        { "POST", "workflow-definitions", "{\"model\": {" },
        { "POST", "workflow-definitions", "[]" },
        { "POST", "workflow-definitions", "null" },
        { "POST", "workflow-definitions", "{}" },
        { "POST", "workflow-definitions", "{\"model\":null}" },
        { "POST", "workflow-definitions", "{\"model\":5}" },
        { "POST", "workflow-definitions", "{\"model\":[]}" },
        { "POST", "workflow-definitions", "{\"model\":{\"root\":[]}}" },
        { "POST", "workflow-definitions", "{\"model\":{\"name\":5}}" },
        { "POST", "workflow-definitions", "{\"model\":{\"variables\":{}}}" },
        { "POST", "workflow-definitions", "{\"model\":{\"variables\":[1]}}" },
        { "POST", "workflow-definitions", "{\"model\":{\"outcomes\":[null]}}" },
        { "POST", "workflow-definitions", "{\"model\":{\"options\":\"x\"}}" },
        { "POST", "workflow-definitions", "{\"model\":{\"isReadonly\":\"yes\"}}" },
        { "POST", "workflow-definitions", "{\"model\":{\"definitionId\":\"a/b\"}}" },
        { "POST", "workflow-definitions", "{\"model\":{\"definitionId\":\"..\"}}" },
        { "POST", "workflow-definitions", "{\"model\":{\"a\":1,\"a\":2}}" },
        { "POST", "workflow-definitions", "{\"model\":{\"name\":\"a\\u0000b\"}}" },
        { "POST", "workflow-definitions", "{\"model\":{\"name\":\"a\\u0007b\"}}" },
        { "POST", "workflow-definitions", "{\"model\":{\"name\":\"a\\ud800b\"}}" },
        { "POST", "workflow-definitions", $"{{\"model\":{{\"name\":\"{new string('x', 201)}\"}}}}" },
        { "POST", "workflow-definitions", $"{{\"model\":{{\"description\":\"{new string('x', 20_001)}\"}}}}" },
        { "POST", "workflow-definitions", "{\"model\":{},\"publish\":\"maybe\"}" },
        { "POST", "workflow-definitions", "{\"model\":" + Deep + "}" },
        { "POST", "workflow-definitions/import", "" },
        { "POST", "workflow-definitions/import", "[1]" },
        { "PUT", "workflow-definitions/x/import", "nonsense" },
        { "PUT", "workflow-definitions/a%5Cb/import", "{}" },
        { "POST", "workflow-definitions/import-files", "{}" },
        { "POST", "workflow-definitions/x/file-conflict/take-file", "{}" },
        { "POST", "workflow-definitions/x/file-conflict/keep-stored", "{\"fileHash\":5}" },
        { "POST", "workflow-definitions/flow/revert/minus", "{}" },
        { "POST", "workflow-definitions/flow/revert/Latest", "{}" },
        { "POST", "workflow-definitions/flow/revert/99999999999999999999", "{}" },
        { "POST", "actions/workflow-definitions/refresh", "{\"definitionIds\":7}" },
        { "POST", "bulk-actions/delete/workflow-definitions/by-definition-id", "{}" },
        { "POST", "bulk-actions/delete/workflow-definitions/by-id", "{\"ids\":{}}" },
        { "POST", "bulk-actions/publish/workflow-definitions/by-definition-ids", "{\"definitionIds\":[]}" },
        { "POST", "bulk-actions/retract/workflow-definitions/by-definition-ids", "{\"definitionIds\":[{}]}" },
        { "POST", "bulk-actions/export/workflow-definitions", "{\"ids\":[]}" },
        { "POST", "descriptors/activities/Elsa.WriteLine/options/Text", "{\"context\":" },
        { "POST", "scripting/javascript/type-definitions/flow", "[" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_can_not_be_read_is_refused(string method, string path, string body)
    {
        using var response = await SendAsync(new HttpMethod(method), path, body);

        Assert.NotEmpty(await RefusalAsync(response, 400));
        Assert.Equal(0, await Store.CountAsync(default));
    }

    [Theory]
    [InlineData("workflow-definitions?Page=-1")]
    [InlineData("workflow-definitions?PageSize=99999999999")]
    [InlineData("workflow-definitions?PageSize=ten")]
    [InlineData("workflow-definitions?IsSystem=perhaps")]
    [InlineData("workflow-definitions?OrderBy=Weight")]
    [InlineData("workflow-definitions?OrderBy=7")]
    [InlineData("workflow-definitions?OrderDirection=Sideways")]
    [InlineData("workflow-definitions?versionOptions=Newest")]
    [InlineData("workflow-definitions/by-definition-id/flow?versionOptions=-1x")]
    [InlineData("workflow-definitions/validation/is-name-unique")]
    [InlineData("workflow-definitions/subgraph/segments/x")]
    [InlineData("workflow-definitions/flow/export?includeConsumingWorkflows=7")]
    [InlineData("descriptors/activities?Refresh=now")]
    [InlineData("descriptors/activities/Elsa.WriteLine?version=one")]
    [InlineData("descriptors/output-converters")]
    public async Task A_query_that_can_not_be_read_is_refused(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path);

        Assert.NotEmpty(await RefusalAsync(response, 400));
    }

    [Theory]
    [InlineData("GET", "workflow-definitions/by-definition-id/nope")]
    [InlineData("GET", "workflow-definitions/by-definition-id/nope?versionOptions=Published")]
    [InlineData("GET", "workflow-definitions/by-id/nope")]
    [InlineData("GET", "workflow-definitions/nope/export")]
    [InlineData("GET", "workflow-definitions/subgraph/nope")]
    [InlineData("GET", "workflow-definitions/subgraph/segments/nope?childNodeId=x")]
    [InlineData("GET", "workflow-definitions/nope/file-conflict")]
    [InlineData("GET", "descriptors/activities/Nope.Nope")]
    [InlineData("GET", "descriptors/activities/Elsa.WriteLine?version=77")]
    [InlineData("POST", "descriptors/activities/Elsa.WriteLine/options/Nope")]
    [InlineData("GET", "features/installed/Elsa.Nope")]
    [InlineData("POST", "workflow-definitions/nope/publish")]
    [InlineData("POST", "workflow-definitions/nope/retract")]
    [InlineData("POST", "workflow-definitions/nope/revert/1")]
    [InlineData("POST", "workflow-definitions/nope/update-references")]
    [InlineData("DELETE", "workflow-definitions/nope")]
    [InlineData("DELETE", "workflow-definitions/nope/version/1")]
    [InlineData("DELETE", "workflow-definition-versions/nope")]
    public async Task What_is_not_there_is_not_found(string method, string path)
    {
        using var response = await SendAsync(new HttpMethod(method), path);

        Assert.Equal((404, 0), ((int)response.StatusCode, (await response.Content.ReadAsByteArrayAsync()).Length));
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_while_it_is_read()
    {
        using var content = new StringContent("{\"model\":{\"name\":\"" + new string('x', 17 * 1024 * 1024) + "\"}}", Encoding.UTF8, "application/json");
        using var response = await Client.PostAsync("/elsa/api/workflow-definitions", content);

        Assert.Contains("larger than 16 MiB", await RefusalAsync(response, 413), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_needs_no_content_type_and_may_begin_with_a_mark()
    {
        using var content = new ByteArrayContent([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(SaveRequest(Model("flow")).ToJsonString())]);
        using var response = await Client.PostAsync("/elsa/api/workflow-definitions", content);

        Assert.Equal(200, (int)response.StatusCode);
    }
}
