using Elsa.Expressions.Models;
using Elsa.Workflows;
using SpeElsa.Engine.Api.Rest.Resume;

namespace Elsa.Extensions;

/// <summary>
/// Makes links that let a run go on without a sign-in. Who has the link may use it, until its bookmark is burnt or its time is over; it can be used even
/// before the wait is stored. The host has set up <c>UseSasTokens</c> or <c>UseWorkflowsApi</c>.
/// </summary>
public static class BookmarkExecutionContextExtensions
{
    /// <summary>A link that resumes a bookmark, for some time.</summary>
    public static string GenerateBookmarkTriggerUrl(this ActivityExecutionContext context, string bookmarkId, TimeSpan lifetime) =>
        Links(context).BookmarkUrl(context.WorkflowExecutionContext.Id, bookmarkId, lifetime, null);

    /// <summary>A link that resumes a bookmark, until an instant.</summary>
    public static string GenerateBookmarkTriggerUrl(this ActivityExecutionContext context, string bookmarkId, DateTimeOffset expiresAt) =>
        Links(context).BookmarkUrl(context.WorkflowExecutionContext.Id, bookmarkId, null, expiresAt);

    /// <summary>A link that resumes a bookmark as long as it is there.</summary>
    public static string GenerateBookmarkTriggerUrl(this ActivityExecutionContext context, string bookmarkId) =>
        Links(context).BookmarkUrl(context.WorkflowExecutionContext.Id, bookmarkId, null, null);

    /// <summary>The token of such a link.</summary>
    public static string GenerateBookmarkTriggerToken(this ActivityExecutionContext context, string bookmarkId, TimeSpan? lifetime = default, DateTimeOffset? expiresAt = default) =>
        Links(context).BookmarkToken(context.WorkflowExecutionContext.Id, bookmarkId, lifetime, expiresAt);

    /// <summary>A link that resumes a bookmark, for some time.</summary>
    public static string GenerateBookmarkTriggerUrl(this ExpressionExecutionContext context, string bookmarkId, TimeSpan lifetime) =>
        Links(context).BookmarkUrl(context.GetWorkflowExecutionContext().Id, bookmarkId, lifetime, null);

    /// <summary>A link that resumes a bookmark, until an instant.</summary>
    public static string GenerateBookmarkTriggerUrl(this ExpressionExecutionContext context, string bookmarkId, DateTimeOffset expiresAt) =>
        Links(context).BookmarkUrl(context.GetWorkflowExecutionContext().Id, bookmarkId, null, expiresAt);

    /// <summary>A link that resumes a bookmark as long as it is there.</summary>
    public static string GenerateBookmarkTriggerUrl(this ExpressionExecutionContext context, string bookmarkId) =>
        Links(context).BookmarkUrl(context.GetWorkflowExecutionContext().Id, bookmarkId, null, null);

    /// <summary>The token of such a link.</summary>
    public static string GenerateBookmarkTriggerToken(this ExpressionExecutionContext context, string bookmarkId, TimeSpan? lifetime = default, DateTimeOffset? expiresAt = default) =>
        Links(context).BookmarkToken(context.GetWorkflowExecutionContext().Id, bookmarkId, lifetime, expiresAt);

    /// <summary>A link that raises an event in this run, once, for some time.</summary>
    public static string GenerateEventTriggerUrl(this ActivityExecutionContext context, string eventName, TimeSpan lifetime) =>
        Links(context).EventUrl(context.WorkflowExecutionContext.Id, eventName, lifetime, null);

    /// <summary>A link that raises an event in this run, once, until an instant.</summary>
    public static string GenerateEventTriggerUrl(this ActivityExecutionContext context, string eventName, DateTimeOffset expiresAt) =>
        Links(context).EventUrl(context.WorkflowExecutionContext.Id, eventName, null, expiresAt);

    /// <summary>A link that raises an event in this run, once.</summary>
    public static string GenerateEventTriggerUrl(this ActivityExecutionContext context, string eventName) =>
        Links(context).EventUrl(context.WorkflowExecutionContext.Id, eventName, null, null);

    /// <summary>A link that raises an event in this run, once, for some time.</summary>
    public static string GenerateEventTriggerUrl(this ExpressionExecutionContext context, string eventName, TimeSpan lifetime) =>
        Links(context).EventUrl(context.GetWorkflowExecutionContext().Id, eventName, lifetime, null);

    /// <summary>A link that raises an event in this run, once, until an instant.</summary>
    public static string GenerateEventTriggerUrl(this ExpressionExecutionContext context, string eventName, DateTimeOffset expiresAt) =>
        Links(context).EventUrl(context.GetWorkflowExecutionContext().Id, eventName, null, expiresAt);

    /// <summary>A link that raises an event in this run, once.</summary>
    public static string GenerateEventTriggerUrl(this ExpressionExecutionContext context, string eventName) =>
        Links(context).EventUrl(context.GetWorkflowExecutionContext().Id, eventName, null, null);

    private static ResumeLinks Links(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.GetRequiredService<ResumeLinks>();
    }

    private static ResumeLinks Links(ExpressionExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.GetRequiredService<ResumeLinks>();
    }
}
