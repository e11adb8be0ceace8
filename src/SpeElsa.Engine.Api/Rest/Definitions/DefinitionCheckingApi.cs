using System.Text.Json;
using Elsa.Common.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>Says what publishing would find, and changes nothing. Elsa has no such thing.</summary>
internal static class DefinitionCheckingApi
{
    public static RouteGroupBuilder MapDefinitionChecking(this RouteGroupBuilder api)
    {
        api.MapGet("/workflow-definitions/{definitionId}/check", CheckAsync).Need(Permissions.ReadDefinitions);
        api.MapPost("/workflow-definitions/check", CheckModelAsync).Need(Permissions.ReadDefinitions);
        return api;
    }

    private static async Task<IResult> CheckAsync(string definitionId, HttpContext context, IDefinitionStore store, DefinitionPublisher publisher) =>
        await store.FindAsync(definitionId, context.Request.Versions() ?? VersionOptions.Latest, context.RequestAborted) is { } version
            ? Answer(await publisher.CheckAsync(version, context.RequestAborted))
            : RestAnswers.NotFound();

    private static async Task<IResult> CheckModelAsync(HttpContext context, DraftSaving drafts)
    {
        var request = await RestBody.RequireAsync<CheckRequest>(context.Request);
        return Answer(await drafts.CheckAsync(ModelReading.Read(request.Model), context.RequestAborted));
    }

    private static IResult Answer(IReadOnlyList<DefinitionFinding> findings) => RestAnswers.Json(new
    {
        canPublish = !DefinitionPublisher.HasErrors(findings),
        findings = findings.OrderByDescending(finding => finding.Severity)
            .Select(finding => new { severity = finding.Severity.ToString(), code = finding.Code, activityId = finding.ActivityId, message = finding.Message }),
    });

    private sealed record CheckRequest(JsonElement? Model);
}
