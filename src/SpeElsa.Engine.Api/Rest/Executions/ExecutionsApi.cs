using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SpeElsa.Engine.Runtime.History;

namespace SpeElsa.Engine.Api.Rest.Executions;

/// <summary>What the activities of an instance did.</summary>
internal static class ExecutionsApi
{
    public static RouteGroupBuilder MapExecutions(this RouteGroupBuilder api)
    {
        api.MapGet("/activity-executions/list", ListAsync).Need(Permissions.ReadExecutions);
        api.MapGet("/activity-execution-summaries/list", SummarizeAsync).Need(Permissions.ReadExecutions);
        api.MapGet("/activity-executions/count", CountAsync).Need(Permissions.ReadExecutions);
        api.MapPost("/activity-executions/report", ReportAsync).Need(Permissions.ReadExecutions);
        api.MapGet("/activity-executions/by-id", GetByQueryAsync).Need(Permissions.ReadExecutions);
        api.MapGet("/activity-executions/{id}", GetAsync).Need(Permissions.ReadExecutions);
        api.MapGet("/activity-executions/{id}/call-stack", CallStackAsync).Need(Permissions.ReadExecutions);
        return api;
    }

    private static async Task<IResult> ListAsync(HttpContext context, ActivityExecutionHistory history)
    {
        var records = await history.FindAsync(InstanceOf(context), FilterOf(context), context.RequestAborted);
        return RestValues.Json(new { items = records.Select(ExecutionModel.From), count = records.Count });
    }

    private static async Task<IResult> SummarizeAsync(HttpContext context, ActivityExecutionHistory history)
    {
        var records = await history.SummarizeAsync(InstanceOf(context), FilterOf(context), context.RequestAborted);
        return RestValues.Json(new { items = records.Select(ExecutionSummaryModel.From), count = records.Count });
    }

    private static async Task<IResult> CountAsync(HttpContext context, ActivityExecutionHistory history) =>
        RestValues.Json(new { count = (await history.SummarizeAsync(InstanceOf(context), FilterOf(context), context.RequestAborted)).Count });

    private static async Task<IResult> ReportAsync(HttpContext context, ActivityExecutionHistory history)
    {
        var request = await RestBody.RequireAsync<ReportRequest>(context.Request);
        if (string.IsNullOrEmpty(request.WorkflowInstanceId))
        {
            return RestAnswers.BadMember("workflowInstanceId", "Name the instance.");
        }

        var nodes = request.ActivityNodeIds?.OfType<string>().ToArray();
        var stats = await history.CountAsync(request.WorkflowInstanceId, nodes, context.RequestAborted);
        return RestValues.Json(new { stats = stats.Select(StatsModel.From) });
    }

    private static Task<IResult> GetByQueryAsync(HttpContext context, ActivityExecutionHistory history) =>
        GetAsync(context.Request.Text("id") ?? throw new BadRestRequestException("id", "Name the execution."), history, context.RequestAborted);

    private static async Task<IResult> GetAsync(string id, ActivityExecutionHistory history, CancellationToken cancellationToken) =>
        await history.FindAsync(id, cancellationToken) is { } record ? RestValues.Json(ExecutionModel.From(record)) : RestAnswers.NotFound();

    private static async Task<IResult> CallStackAsync(string id, HttpContext context, ActivityExecutionHistory history)
    {
        var stack = await history.CallStackAsync(id, context.Request.Flag("includeCrossWorkflowChain") ?? false, context.RequestAborted);
        if (stack is null)
        {
            return RestAnswers.NotFound();
        }

        var items = stack.Skip(context.Request.Number("skip") ?? 0).Take(context.Request.Number("take") ?? stack.Count).Select(ExecutionModel.From);
        return RestValues.Json(new { activityExecutionId = id, items, totalCount = stack.Count });
    }

    private static string InstanceOf(HttpContext context) =>
        context.Request.Text("workflowInstanceId") ?? throw new BadRestRequestException("workflowInstanceId", "Name the instance.");

    private static ExecutionFilter FilterOf(HttpContext context) => new()
    {
        ActivityIds = context.Request.Texts("activityId"),
        NodeIds = context.Request.Texts("activityNodeId"),
        Completed = context.Request.Flag("completed"),
    };

    private sealed record ReportRequest(string? WorkflowInstanceId, IReadOnlyList<string?>? ActivityNodeIds);
}
