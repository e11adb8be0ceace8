using System.Globalization;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace Elsa.Http;

/// <summary>What runs after a status code.</summary>
public class HttpStatusCodeCase
{
    /// <summary>Creates an empty one.</summary>
    public HttpStatusCodeCase()
    {
    }

    /// <summary>Runs an activity after a status code.</summary>
    public HttpStatusCodeCase(int statusCode, IActivity activity)
    {
        StatusCode = statusCode;
        Activity = activity;
    }

    /// <summary>The status code.</summary>
    public int StatusCode { get; set; }

    /// <summary>What runs.</summary>
    public IActivity? Activity { get; set; }
}

/// <summary>Sends an HTTP request and runs what its response calls for. See <see cref="SendHttpRequestBase"/> on attempts after a crash.</summary>
[Activity("Elsa", "HTTP", "Sends an HTTP request", DisplayName = "HTTP Request", Kind = ActivityKind.Task)]
public class SendHttpRequest : SendHttpRequestBase
{
    /// <summary>What runs after which status code.</summary>
    [Input(Description = "What runs after which status code", UIHint = "http-status-codes")]
    public ICollection<HttpStatusCodeCase> ExpectedStatusCodes { get; set; } = [];

    /// <summary>Runs after any other status code.</summary>
    [Port]
    public IActivity? UnmatchedStatusCode { get; set; }

    /// <summary>Runs where there is no connection.</summary>
    [Port]
    public IActivity? FailedToConnect { get; set; }

    /// <summary>Runs after a time-out.</summary>
    [Port]
    public IActivity? Timeout { get; set; }

    /// <inheritdoc />
    protected override ValueTask HandleResponseAsync(ActivityExecutionContext context, HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var expected = ExpectedStatusCodes.FirstOrDefault(one => one.StatusCode == (int)response.StatusCode);
        return RunAsync(context, expected is null ? UnmatchedStatusCode : expected.Activity);
    }

    /// <inheritdoc />
    protected override ValueTask HandleRequestExceptionAsync(ActivityExecutionContext context, HttpRequestException exception) => RunAsync(context, FailedToConnect);

    /// <inheritdoc />
    protected override ValueTask HandleTaskCanceledExceptionAsync(ActivityExecutionContext context, TaskCanceledException exception) => RunAsync(context, Timeout);

    private ValueTask RunAsync(ActivityExecutionContext context, IActivity? next) =>
        next is null ? context.CompleteActivityAsync() : context.ScheduleActivityAsync(next, OnChildCompletedAsync);

    private ValueTask OnChildCompletedAsync(ActivityCompletedContext context) => context.CompleteActivityAsync();
}

/// <summary>
/// Sends an HTTP request in a flowchart. Its outcomes are the expected status codes, "Unmatched status code", "Failed to connect" and "Timeout", and with each of
/// them "Done". See <see cref="SendHttpRequestBase"/> on attempts after a crash.
/// </summary>
[Activity("Elsa", "HTTP", "Sends an HTTP request", DisplayName = "HTTP Request (flow)", Kind = ActivityKind.Task)]
public class FlowSendHttpRequest : SendHttpRequestBase
{
    /// <summary>The status codes that have an outcome of their own. Default 200.</summary>
    [Input(Order = 5.1f, Description = "The status codes that have an outcome of their own", UIHint = "multitext", DefaultValue = new[] { 200 })]
    public Input<ICollection<int>> ExpectedStatusCodes { get; set; } = new([200]);

    /// <inheritdoc />
    protected override ValueTask HandleResponseAsync(ActivityExecutionContext context, HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(response);
        var code = (int)response.StatusCode;
        var outcome = context.Get(ExpectedStatusCodes)?.Contains(code) is true ? code.ToString(CultureInfo.InvariantCulture) : "Unmatched status code";
        return context.CompleteActivityWithOutcomesAsync(outcome, "Done");
    }

    /// <inheritdoc />
    protected override ValueTask HandleRequestExceptionAsync(ActivityExecutionContext context, HttpRequestException exception)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.CompleteActivityWithOutcomesAsync("Failed to connect", "Done");
    }

    /// <inheritdoc />
    protected override ValueTask HandleTaskCanceledExceptionAsync(ActivityExecutionContext context, TaskCanceledException exception)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.CompleteActivityWithOutcomesAsync("Timeout", "Done");
    }
}
