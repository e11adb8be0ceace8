using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>Takes definitions from outside as drafts, whatever they say of versions and publication.</summary>
internal static class ImportApi
{
    public static RouteGroupBuilder MapDefinitionImport(this RouteGroupBuilder api)
    {
        api.MapMethods(
                "/workflow-definitions/import",
                ["POST", "PUT"],
                (HttpContext context, DraftSaving drafts, DefinitionModels models) => ImportAsync(null, context, drafts, models))
            .Need(Permissions.WriteDefinitions);
        api.MapMethods(
                "/workflow-definitions/{definitionId}/import",
                ["POST", "PUT"],
                (string definitionId, HttpContext context, DraftSaving drafts, DefinitionModels models) => ImportAsync(definitionId, context, drafts, models))
            .Need(Permissions.WriteDefinitions);
        api.MapPost("/workflow-definitions/import-files", ImportFilesAsync).Need(Permissions.WriteDefinitions);
        return api;
    }

    private static async Task<IResult> ImportAsync(string? definitionId, HttpContext context, DraftSaving drafts, DefinitionModels models)
    {
        ModelReading.CheckId(definitionId);
        var model = ModelReading.Read(await RestBody.ReadTextAsync(context.Request), "body");
        var answer = await drafts.ImportAsync(WithoutSchema(model), definitionId, context.User, context.RequestAborted);
        return answer.Version is { } version
            ? RestAnswers.Json(models.Full(version, DefinitionRights.Of(context.User), answer.Editor))
            : RestAnswers.BadRequest(answer.Refusal!);
    }

    /// <summary>Reads all files before it stores any: one that is wrong leaves nothing half imported.</summary>
    private static async Task<IResult> ImportFilesAsync(HttpContext context, DraftSaving drafts)
    {
        var models = new List<(string File, JsonObject Model)>();
        var errors = new JsonObject();
        foreach (var (name, content) in await ImportFiles.ReadAsync(context.Request))
        {
            try
            {
                models.Add((name, WithoutSchema(ModelReading.Read(Encoding.UTF8.GetString(content).TrimStart('\uFEFF'), name))));
            }
            catch (BadRestRequestException exception)
            {
                errors[name] = new JsonArray(exception.Message);
            }
        }

        foreach (var (file, model) in models.ToArray())
        {
            if (await drafts.FindRefusalAsync(model, context.RequestAborted) is { } refusal)
            {
                errors[file] = new JsonArray(refusal);
            }
        }

        if (errors.Count > 0)
        {
            return RestAnswers.Refuse(StatusCodes.Status400BadRequest, errors);
        }

        foreach (var (_, model) in models)
        {
            await drafts.ImportAsync(model, null, context.User, context.RequestAborted);
        }

        return RestAnswers.Json(new { count = models.Count });
    }

    private static JsonObject WithoutSchema(JsonObject model)
    {
        model.Remove("$schema");
        return model;
    }
}
