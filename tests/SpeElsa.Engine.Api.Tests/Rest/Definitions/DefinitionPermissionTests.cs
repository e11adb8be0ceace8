using System.Net;
using System.Text.Json.Nodes;

namespace SpeElsa.Engine.Api.Tests.Rest.Definitions;

/// <summary>Each route asks for its right: 401 without a sign-in, 403 without the right.</summary>
public sealed class DefinitionPermissionTests : DefinitionTest
{
    private const string Read = "read:workflow-definitions";
    private const string Write = "write:workflow-definitions";
    private const string Publish = "publish:workflow-definitions";

    public static TheoryData<string, string, string> Routes => new()
    {
        { "GET", "workflow-definitions", Read },
        { "GET", "workflow-definitions/flow", Read },
        { "GET", "workflow-definitions/by-definition-id/flow", Read },
        { "GET", "workflow-definitions/by-id/x", Read },
        { "GET", "workflow-definitions/many-by-id?ids=x", Read },
        { "GET", "workflow-definitions/query/count", Read },
        { "GET", "workflow-definitions/validation/is-name-unique?name=x", Read },
        { "GET", "workflow-definitions/flow/versions", Read },
        { "GET", "workflow-definitions/flow/export", Read },
        { "POST", "workflow-definitions/flow/export", Read },
        { "GET", "workflow-definitions/flow/consumers", Read },
        { "GET", "workflow-definitions/subgraph/x", Read },
        { "GET", "workflow-definitions/subgraph/segments/x?childNodeId=y", Read },
        { "GET", "workflow-definitions/flow/file-conflict", Read },
        { "GET", "workflow-definitions/flow/check", Read },
        { "POST", "workflow-definitions/check", Read },
        { "POST", "bulk-actions/export/workflow-definitions", Read },
        { "POST", "scripting/javascript/type-definitions/flow", Read },
        { "GET", "descriptors/activities", Read },
        { "GET", "descriptors/activities/Elsa.WriteLine", "read:workflow-instances" },
        { "POST", "descriptors/activities/Elsa.WriteLine/options/Text", Read },
        { "GET", "descriptors/expression-descriptors", Read },
        { "GET", "descriptors/variables", Read },
        { "GET", "descriptors/storage-drivers", "read:*" },
        { "GET", "descriptors/workflow-activation-strategies", Read },
        { "GET", "descriptors/incident-strategies", Read },
        { "GET", "descriptors/log-persistence-strategies", Read },
        { "GET", "descriptors/commit-strategies/workflows", Read },
        { "GET", "descriptors/commit-strategies/activities", Read },
        { "GET", "descriptors/output-converters?sourceType=a&destinationType=b", Read },
        { "GET", "features/installed", Read },
        { "GET", "features/installed/Elsa.Workflows", Read },
        { "GET", "package/version", Read },
        { "POST", "workflow-definitions", Write },
        { "POST", "workflow-definitions/flow/revert/1", Write },
        { "POST", "workflow-definitions/import", Write },
        { "PUT", "workflow-definitions/flow/import", Write },
        { "POST", "workflow-definitions/import-files", Write },
        { "POST", "workflow-definitions/flow/file-conflict/keep-stored", Write },
        { "POST", "workflow-definitions/flow/file-conflict/take-file", $"{Write},{Publish}" },
        { "POST", "workflow-definitions/flow/update-references", $"{Write},{Publish}" },
        { "POST", "workflow-definitions/flow/publish", Publish },
        { "POST", "actions/workflow-definitions/refresh", Publish },
        { "POST", "bulk-actions/publish/workflow-definitions/by-definition-ids", Publish },
        { "POST", "workflow-definitions/flow/retract", "retract:workflow-definitions" },
        { "POST", "bulk-actions/retract/workflow-definitions/by-definition-ids", "retract:workflow-definitions" },
        { "DELETE", "workflow-definitions/flow", "delete:workflow-definitions" },
        { "DELETE", "workflow-definitions/flow/version/1", "delete:workflow-definitions" },
        { "DELETE", "workflow-definition-versions/x", "delete:workflow-definitions" },
        { "POST", "bulk-actions/delete/workflow-definitions/by-id", "delete:workflow-definitions" },
        { "POST", "bulk-actions/delete/workflow-definitions/by-definition-id", "delete:workflow-definitions" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_route_lets_in_who_has_its_right_and_nobody_else(string method, string path, string permissions)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Nobody));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("read:something-else,exec:workflow-definitions"));
        Assert.NotInRange((int)await StatusAsync(permissions), 401, 403);
        foreach (var part in permissions.Contains(',') ? permissions.Split(',') : [])
        {
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(part));
        }

        async Task<HttpStatusCode> StatusAsync(string held)
        {
            using var response = await SendAsync(new HttpMethod(method), path, method == "POST" || method == "PUT" ? "{}" : null, held);
            Assert.True((int)response.StatusCode < 500, $"{response.StatusCode}");
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Who_may_write_only_can_not_publish_by_saving()
    {
        using var response = await SendAsync(HttpMethod.Post, "workflow-definitions", SaveRequest(Model("flow"), publish: true).ToJsonString(), $"{Read},{Write}");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(0, await Store.CountAsync(default));
        using var saved = await SendAsync(HttpMethod.Post, "workflow-definitions", new JsonObject { ["model"] = Model("flow") }.ToJsonString(), Write);
        Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
    }
}
