using System.Text.Json;
using Elsa.Common.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>How a definition and the file it comes from stand, and the choice between the two where both were changed. Elsa has no such thing.</summary>
internal static class FileConflictsApi
{
    private const int MostDifferences = 200;

    public static RouteGroupBuilder MapFileConflicts(this RouteGroupBuilder api)
    {
        api.MapGet("/workflow-definitions/{definitionId}/file-conflict", GetAsync).Need(Permissions.ReadDefinitions);
        api.MapPost("/workflow-definitions/{definitionId}/file-conflict/take-file", TakeFileAsync).Need(Permissions.WriteDefinitions).Need(Permissions.PublishDefinitions);
        api.MapPost("/workflow-definitions/{definitionId}/file-conflict/keep-stored", KeepStoredAsync).Need(Permissions.WriteDefinitions);
        return api;
    }

    private static async Task<IResult> GetAsync(string definitionId, HttpContext context, IDefinitionStore store, DefinitionFiles files)
    {
        var latest = await store.FindAsync(definitionId, VersionOptions.Latest, context.RequestAborted);
        return await files.FindAsync(definitionId, context.RequestAborted) is { } file ? RestAnswers.Json(Model(file, latest))
            : latest is not null ? RestAnswers.Json(new { definitionId, file = (string?)null, state = "StoredOnly", storedHash = latest.ContentHash, storedVersion = latest.Version })
            : RestAnswers.NotFound();
    }

    private static async Task<IResult> TakeFileAsync(string definitionId, HttpContext context, IDefinitionStore store, DefinitionFiles files)
    {
        try
        {
            return await DecideAsync(definitionId, context, store, files, (file, choice) => files.TakeFileAsync(file.Path, choice, context.RequestAborted));
        }
        catch (InvalidDefinitionException exception)
        {
            return RestAnswers.BadRequest([.. exception.Errors]);
        }
    }

    private static Task<IResult> KeepStoredAsync(string definitionId, HttpContext context, IDefinitionStore store, DefinitionFiles files) =>
        DecideAsync(definitionId, context, store, files, (file, choice) => files.KeepStoredAsync(file.Path, choice, context.RequestAborted));

    private static async Task<IResult> DecideAsync(
        string definitionId, HttpContext context, IDefinitionStore store, DefinitionFiles files, Func<DefinitionFile, DefinitionFileChoice, Task<bool>> decide)
    {
        var request = await RestBody.RequireAsync<ChoiceRequest>(context.Request);
        if (request.FileHash is not { Length: > 0 } fileHash)
        {
            return RestAnswers.BadMember("fileHash", "Say what you have seen: send fileHash and storedHash as the conflict told them.");
        }

        if (await files.FindAsync(definitionId, context.RequestAborted) is not { } file)
        {
            return RestAnswers.NotFound();
        }

        try
        {
            if (!await decide(file, new DefinitionFileChoice(fileHash, request.StoredHash)))
            {
                return RestAnswers.Conflict("The file or what is stored was changed after you looked. Nothing was done; look again, then decide.");
            }
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return RestAnswers.BadRequest($"The file '{Path.GetFileName(file.Path)}' can not be read: {exception.Message}");
        }

        return RestAnswers.Json(Model(file, await store.FindAsync(definitionId, VersionOptions.Latest, context.RequestAborted)));
    }

    private static object Model(DefinitionFile file, DefinitionRecord? latest)
    {
        var differences = latest is null
            ? []
            : DefinitionDifferences.Between(DefinitionJson.Parse(DefinitionJson.Export(file.Content)), DefinitionJson.Parse(DefinitionJson.Export(latest)));
        return new
        {
            definitionId = file.Content.DefinitionId,
            file = Path.GetFileName(file.Path),
            state = StateOf(file.Content, latest),
            fileHash = file.Content.ContentHash,
            storedHash = latest?.ContentHash,
            storedVersion = latest?.Version,
            publishedFileHash = latest?.SourceHash,
            differences = differences.Take(MostDifferences),
            differenceCount = differences.Count,
        };
    }

    /// <summary>"FileOnly", "Same", "FileChanged", "StoredChanged" or "Conflict".</summary>
    private static string StateOf(DefinitionRecord file, DefinitionRecord? latest) => latest switch
    {
        null => "FileOnly",
        _ when latest.ContentHash == file.ContentHash => "Same",
        _ when latest.SourceHash == file.ContentHash => "StoredChanged",
        _ when latest.ContentHash == latest.SourceHash => "FileChanged",
        _ => "Conflict",
    };

    private sealed record ChoiceRequest(string? FileHash, string? StoredHash);
}
