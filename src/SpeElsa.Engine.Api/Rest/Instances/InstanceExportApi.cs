using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SpeElsa.Engine.Api.Rest.Executions;
using SpeElsa.Engine.Runtime.History;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Instances;

/// <summary>Exports instances as JSON. There is no import: only a burst writes an instance, and its journal is hash-chained.</summary>
internal static class InstanceExportApi
{
    private const int MostAtOnce = 500;
    private const int RowsPerRead = 5000;

    public static RouteGroupBuilder MapInstanceExport(this RouteGroupBuilder api)
    {
        api.MapGet("/workflow-instances/{id}/export", ExportAsync).Need(Permissions.ReadInstances);
        api.MapPost("/bulk-actions/export/workflow-instances", ExportManyAsync).Need(Permissions.ReadInstances);
        api.MapPost("/bulk-actions/import/workflow-instances", Refuse).Need(Permissions.WriteInstances).DisableAntiforgery();
        return api;
    }

    private static async Task<IResult> ExportAsync(string id, HttpContext context, IInstanceReader reader, ActivityExecutionHistory history)
    {
        var parts = new Parts(
            context.Request.Flag("includeBookmarks") ?? false,
            context.Request.Flag("includeActivityExecutionLog") ?? false,
            context.Request.Flag("includeWorkflowExecutionLog") ?? false);
        return await reader.FindAsync(id, context.RequestAborted) is { } instance
            ? Results.File(await WriteAsync(instance, parts, reader, history, context.RequestAborted), "application/octet-stream", NameOf(instance))
            : RestAnswers.NotFound();
    }

    private static async Task<IResult> ExportManyAsync(HttpContext context, IInstanceReader reader, ActivityExecutionHistory history)
    {
        var request = await RestBody.RequireAsync<ExportRequest>(context.Request);
        if (request.Ids is not { Count: > 0 and <= MostAtOnce } ids)
        {
            return RestAnswers.BadMember("ids", $"Name between 1 and {MostAtOnce} instances.");
        }

        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var id in ids.OfType<string>().Distinct(StringComparer.Ordinal))
            {
                if (await reader.FindAsync(id, context.RequestAborted) is { } instance)
                {
                    var parts = new Parts(request.IncludeBookmarks ?? false, request.IncludeActivityExecutionLog ?? false, request.IncludeWorkflowExecutionLog ?? false);
                    await using var entry = await archive.CreateEntry(NameOf(instance)).OpenAsync(context.RequestAborted);
                    await entry.WriteAsync(await WriteAsync(instance, parts, reader, history, context.RequestAborted), context.RequestAborted);
                }
            }
        }

        return Results.File(file.ToArray(), "application/zip", "workflow-instances.zip");
    }

    private static IResult Refuse() => RestAnswers.BadRequest(
        "Instances are not imported: only their own bursts write them, and their journals are hash-chained. Start the workflow anew, or move the database.");

    private static string NameOf(InstanceRecord instance) => $"workflow-instance-{instance.Id}.json";

    private static async Task<byte[]> WriteAsync(
        InstanceRecord instance, Parts parts, IInstanceReader reader, ActivityExecutionHistory history, CancellationToken cancellationToken)
    {
        var state = await InstanceStates.ReadAsync(instance, reader, cancellationToken);
        var body = new Dictionary<string, object?> { ["WorkflowState"] = state };
        if (parts.Bookmarks)
        {
            body["Bookmarks"] = state.Bookmarks;
        }

        if (parts.Executions)
        {
            body["ActivityExecutionRecords"] = (await history.ReadAsync(instance.Id, cancellationToken)).Select(ExecutionModel.From).ToArray();
        }

        if (parts.Journal)
        {
            body["WorkflowExecutionLogRecords"] = await RowsAsync(instance, reader, cancellationToken);
        }

        return JsonSerializer.SerializeToUtf8Bytes(body, EngineJson.Options);
    }

    private static async Task<List<JournalRowModel>> RowsAsync(InstanceRecord instance, IInstanceReader reader, CancellationToken cancellationToken)
    {
        var all = new List<JournalRowModel>();
        IReadOnlyList<JournalRecord> rows;
        do
        {
            rows = await reader.ReadJournalAsync(instance.Id, all.Count, RowsPerRead, cancellationToken);
            all.AddRange(rows.Select(row => JournalRowModel.From(instance, row)));
        }
        while (rows.Count == RowsPerRead);

        return all;
    }

    private sealed record Parts(bool Bookmarks, bool Executions, bool Journal);

    private sealed record ExportRequest(IReadOnlyList<string?>? Ids, bool? IncludeBookmarks, bool? IncludeActivityExecutionLog, bool? IncludeWorkflowExecutionLog);
}
