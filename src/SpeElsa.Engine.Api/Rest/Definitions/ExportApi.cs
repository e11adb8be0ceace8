using System.IO.Compression;
using System.Text;
using Elsa.Common.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>Writes definitions as files: the same definition gives the same bytes, also in an archive.</summary>
internal static class ExportApi
{
    private const int MostAtOnce = 500;
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static RouteGroupBuilder MapDefinitionExport(this RouteGroupBuilder api)
    {
        api.MapGet("/workflow-definitions/{definitionId}/export", ExportAsync).Need(Permissions.ReadDefinitions);
        api.MapPost("/workflow-definitions/{definitionId}/export", ExportAsync).Need(Permissions.ReadDefinitions);
        api.MapPost("/bulk-actions/export/workflow-definitions", ExportManyAsync).Need(Permissions.ReadDefinitions);
        return api;
    }

    private static async Task<IResult> ExportAsync(string definitionId, HttpContext context, IDefinitionStore store, Consumers consumers)
    {
        var withConsumers = context.Request.Flag("includeConsumingWorkflows") is true;
        if (await store.FindAsync(definitionId, context.Request.Versions() ?? VersionOptions.Latest, context.RequestAborted) is not { } version)
        {
            return RestAnswers.NotFound();
        }

        return withConsumers && await consumers.FindAllAsync([definitionId], context.RequestAborted) is { Count: > 0 } users
            ? Results.File(Archive([version, .. users]), "application/octet-stream", "workflow-definitions.zip")
            : Results.File(Encoding.UTF8.GetBytes(DefinitionJson.Export(version)), "application/octet-stream", NameOf(version));
    }

    private static async Task<IResult> ExportManyAsync(HttpContext context, IDefinitionStore store, Consumers consumers)
    {
        var request = await RestBody.RequireAsync<ExportRequest>(context.Request);
        if (request.Ids is not { Count: > 0 and <= MostAtOnce } ids)
        {
            return RestAnswers.BadMember("ids", $"Name between 1 and {MostAtOnce} versions.");
        }

        var filter = new DefinitionFilter { VersionIds = [.. ids.OfType<string>()] };
        var versions = await store.FindManyAsync(filter, default, 0, MostAtOnce, context.RequestAborted);
        if (versions.Count == 0)
        {
            return RestAnswers.NotFound();
        }

        var users = request.IncludeConsumingWorkflows is true
            ? await consumers.FindAllAsync([.. versions.Select(version => version.DefinitionId)], context.RequestAborted)
            : [];
        return Results.File(Archive([.. versions, .. users]), "application/octet-stream", "workflow-definitions.zip");
    }

    private static byte[] Archive(IReadOnlyList<DefinitionRecord> versions)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var version in versions.DistinctBy(version => version.Id))
            {
                var entry = archive.CreateEntry(NameOf(version));
                entry.LastWriteTime = NoTime;
                using var content = entry.Open();
                content.Write(Encoding.UTF8.GetBytes(DefinitionJson.Export(version)));
            }
        }

        return file.ToArray();
    }

    /// <summary>"workflow-definition-{name}-{definition}-{version}.json" in small letters, digits and hyphens, as Elsa names it.</summary>
    private static string NameOf(DefinitionRecord version) => $"workflow-definition-{Plain(version.Name)}-{Plain(version.DefinitionId)}-{Plain(version.Id)}.json";

    private static string Plain(string text) => string.Join(
        '-',
        new string([.. text.Normalize(NormalizationForm.FormC).Select(character => char.IsAsciiLetterOrDigit(character) ? char.ToLowerInvariant(character) : '-')])
            .Split('-', StringSplitOptions.RemoveEmptyEntries));

    private sealed record ExportRequest(IReadOnlyList<string?>? Ids, bool? IncludeConsumingWorkflows);
}
