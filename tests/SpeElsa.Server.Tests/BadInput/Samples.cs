using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeElsa.Server.Tests.BadInput;

/// <summary>
/// Good bodies, by endpoint, that bad ones are made of: each is one that would be carried out as it is. A name with ! is of a member that must be there.
/// An endpoint that is not here gets what its type says, or the body of another one.
/// </summary>
internal static class Samples
{
    private static readonly string Later = TimeProvider.System.GetUtcNow().AddYears(1).ToString("O", System.Globalization.CultureInfo.InvariantCulture);

    private static readonly Dictionary<string, string> Bodies = new(StringComparer.Ordinal)
    {
        ["POST /api/moves/"] = """{"scenario!":"asks-look","plan":{},"name":"a name","window":{"endsAt":"@later","downtimeBudget":"01:00:00"}}""",
        ["POST /api/moves/{id}/cancel"] = """{"requestedBy!":"j.doe","reason!":"why"}""",
        ["POST /api/moves/{id}/undo"] = """{"requestedBy!":"j.doe","reason!":"why"}""",
        ["PUT /api/moves/{id}/window"] = """{"length":"01:00:00","downtimeBudget":"01:00:00"}""",
        ["POST /api/plans/"] = """{"scenario!":"single-server-move","plan!":{"source!":"spe-old","target!":"spe-new","hostNameChanges":true},"name":"a name","window":{"length":"02:00:00"},"version":1}""",
        ["PUT /api/plans/{id}"] = """{"scenario!":"single-server-move","plan!":{"source!":"spe-old","target!":"spe-new","hostNameChanges":true},"name":"a name","window":{"length":"02:00:00"},"version":1}""",
        ["POST /api/plans/{id}/cancel"] = """{"reason!":"why"}""",
        ["POST /api/plans/{id}/rehearse"] = """{"answerTasks":true,"faults":1,"seed":1}""",
        ["POST /api/plans/{id}/schedule"] = """{"startAt!":"@later"}""",
        ["POST /api/machines/{name}/host-key"] = """{"fingerprint!":"SHA256:abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq","jumpHost":false}""",
        ["PUT /api/secrets/{name}"] = """{"value!":"a value"}""",
        ["POST /api/tasks/{id}/assign"] = """{"to!":"otto","reason":"why","by!":"j.doe"}""",
        ["POST /api/tasks/{id}/claim"] = """{"by!":"j.doe","takeOver":false,"reason":"why"}""",
        ["POST /api/tasks/{id}/comments"] = """{"text!":"words","by!":"j.doe"}""",
        ["POST /api/tasks/{id}/complete"] = """{"completedBy!":"j.doe","outcome":"Done","comment":"words","fields":{"sure!":true}}""",
        ["POST /api/tasks/{id}/links"] = """{"to!":"otto","lifetime":"01:00:00","by!":"j.doe"}""",
        ["POST /api/tasks/{id}/release"] = """{"text":"words","by!":"j.doe"}""",
        ["POST /api/tasks/{id}/send-back"] = """{"text!":"words","by!":"j.doe"}""",
        ["POST /lab/dns"] = """{"name!":"mail.example.net","serverName!":"spe-old"}""",
        ["POST /lab/licence/transfer"] = """{"serverName!":"spe-new"}""",
        ["POST /lab/servers/{name}/administrators/{user}/mfa"] = """{"enabled!":true}""",
        ["POST /lab/servers/{name}/faults"] = """{"kind!":"Delay","script":"none","occurrence":1,"time":"00:00:01"}""",
        ["POST /lab/servers/{name}/install"] = """{"version":"1","mode":"multi"}""",
        ["POST /lab/servers/{name}/smtp"] = """{"password!":"a password"}""",
        ["POST /elsa/api/identity/users"] = """{"name!":"uma","password":"a long enough secret","roles":["viewer"]}""",
        ["PUT /elsa/api/identity/users/{id}"] = """{"name":"otto","password":"a long enough secret","roles":["operator"]}""",
        ["POST /elsa/api/identity/roles"] = """{"id":"guests","name!":"Guests","permissions":["read:workflow-definitions"]}""",
        ["PUT /elsa/api/identity/roles/{id}"] = """{"name":"Guests","permissions":["read:workflow-definitions"]}""",
        ["POST /elsa/api/identity/applications"] = """{"name!":"tool","roles":["viewer"]}""",
        ["POST /elsa/api/identity/login"] = """{"username!":"nobody","password!":"a password"}""",
        ["POST /elsa/api/identity/secrets/hash"] = """{"secret!":"a secret"}""",
        ["POST /elsa/api/workflow-definitions"] =
            """{"model!":{"definitionId":"made","name":"Made","description":"words","variables":[],"inputs":[],"outputs":[],"outcomes":[],"customProperties":{},"root":{"id":"root","type":"Elsa.Sequence","version":1,"activities":[]}},"publish":false}""",
        ["POST /elsa/api/workflow-definitions/check"] = """{"model!":{"definitionId":"made","name":"Made","root":{"id":"root","type":"Elsa.Sequence","version":1,"activities":[]}}}""",
        ["POST /elsa/api/workflow-definitions/import"] = """{"definitionId":"made","name":"Made","root":{"id":"root","type":"Elsa.Sequence","version":1,"activities":[]}}""",
        ["PUT /elsa/api/workflow-definitions/import"] = """{"definitionId":"made","name":"Made","root":{"id":"root","type":"Elsa.Sequence","version":1,"activities":[]}}""",
        ["POST /elsa/api/workflow-definitions/{definitionId}/execute"] = """{"correlationId":"c","name":"a name","versionOptions":"Published","input":{},"variables":{}}""",
        ["POST /elsa/api/workflow-definitions/{definitionId}/dispatch"] = """{"correlationId":"c","name":"a name","triggerActivityId":"none","versionOptions":"Published","input":{},"variables":{},"instanceId":"none"}""",
        ["POST /elsa/api/workflow-definitions/{definitionId}/bulk-dispatch"] = """{"count":1,"versionOptions":"Published","input":{}}""",
        ["POST /elsa/api/workflow-definitions/{definitionId}/file-conflict/take-file"] = """{"fileHash!":"none","storedHash!":"none"}""",
        ["POST /elsa/api/workflow-definitions/{definitionId}/file-conflict/keep-stored"] = """{"fileHash!":"none","storedHash!":"none"}""",
        ["POST /elsa/api/workflow-definitions/{definitionId}/update-references"] = """{"consumingWorkflowIds":["none"]}""",
        ["POST /elsa/api/actions/workflow-definitions/refresh"] = """{"definitionIds":["none"]}""",
        ["POST /elsa/api/bulk-actions/export/workflow-definitions"] = """{"ids!":["none"],"includeConsumingWorkflows":false}""",
        ["POST /elsa/api/bulk-actions/delete/workflow-definitions/by-definition-id"] = """{"definitionIds":["none"]}""",
        ["POST /elsa/api/bulk-actions/delete/workflow-definitions/by-id"] = """{"ids":["none"]}""",
        ["POST /elsa/api/bulk-actions/publish/workflow-definitions/by-definition-ids"] = """{"definitionIds":["none"]}""",
        ["POST /elsa/api/bulk-actions/retract/workflow-definitions/by-definition-ids"] = """{"definitionIds":["none"]}""",
        ["POST /elsa/api/bulk-actions/export/workflow-instances"] = """{"ids!":["none"],"includeBookmarks":false}""",
        ["POST /elsa/api/bulk-actions/cancel/workflow-instances"] = """{"ids":["none"],"definitionVersionId":"none","definitionId":"none","versionOptions":"Published"}""",
        ["POST /elsa/api/bulk-actions/delete/workflow-instances"] = """{"ids":["none"]}""",
        ["POST /elsa/api/bulk-actions/delete/workflow-instances/by-id"] = """{"ids":["none"]}""",
        ["POST /elsa/api/workflow-instances"] =
            """{"page":0,"pageSize":1,"searchTerm":"x","ids":["none"],"definitionIds":["none"],"version":1,"hasIncidents":false,"isSystem":false,"status":"Running","statuses":["Running"],"subStatus":"Suspended","orderBy":"Created","orderDirection":"Ascending","timestampFilters":[{"column":"CreatedAt","operator":"Is","timestamp":"2026-01-01T00:00:00Z"}]}""",
        ["POST /elsa/api/workflow-instances/{id}/journal"] = """{"filter":{"activityIds":["x"],"eventNames":["x"]},"skip":0,"take":1,"page":0,"pageSize":1}""",
        ["POST /elsa/api/workflow-instances/{id}/variables"] = """{"variables":[{"id!":"none","value":1}]}""",
        ["POST /elsa/api/workflow-instances/{id}/retry"] = """{"activityIds":["none"]}""",
        ["POST /elsa/api/activity-executions/report"] = """{"workflowInstanceId!":"none","activityNodeIds":["none"]}""",
        ["POST /elsa/api/events/{eventName}/trigger"] = """{"workflowInstanceId":"none","correlationId":"c","activityInstanceId":"none","input":{},"workflowExecutionMode":"Asynchronous"}""",
        ["POST /elsa/api/descriptors/activities/{typeName}/options/{propertyName}"] = """{"context":{}}""",
        ["POST /elsa/api/scripting/javascript/type-definitions/{definitionId}"] = """{"activityTypeName":"none"}""",
    };

    /// <summary>The body of an endpoint as it would be carried out, with marks in its names; null: nothing is known about it.</summary>
    /// <param name="endpoint">Method and pattern.</param>
    /// <param name="type">What the endpoint says it takes.</param>
    public static JsonObject? Find(string endpoint, Type? type)
    {
        var sample = Bodies.TryGetValue(endpoint, out var body) ? JsonNode.Parse(body.Replace("@later", Later, StringComparison.Ordinal))!.AsObject() : type is null ? null : [];
        foreach (var property in type?.GetProperties() ?? [])
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            if (!sample!.ContainsKey(name) && !sample.ContainsKey($"{name}!"))
            {
                sample[name] = ValueOf(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType);
            }
        }

        return sample;
    }

    /// <summary>Endpoints that have a body here and are not there any more.</summary>
    public static IEnumerable<string> Unused(IEnumerable<string> endpoints) => Bodies.Keys.Except(endpoints, StringComparer.Ordinal);

    /// <summary>The same without the marks.</summary>
    public static JsonNode? Plain(JsonNode? node) => node switch
    {
        JsonObject item => new JsonObject(item.Select(pair => KeyValuePair.Create(pair.Key.TrimEnd('!'), Plain(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Plain)]),
        _ => node?.DeepClone(),
    };

    private static JsonNode ValueOf(Type type) =>
        type == typeof(string) ? JsonValue.Create("x")
        : type == typeof(bool) ? JsonValue.Create(false)
        : type == typeof(DateTimeOffset) ? JsonValue.Create(Later)
        : type == typeof(TimeSpan) ? JsonValue.Create("01:00:00")
        : type.IsPrimitive || type == typeof(decimal) ? JsonValue.Create(1)
        : new JsonObject();
}
