using System.Collections;
using Elsa.Expressions.Models;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Memory;
using Elsa.Workflows.Models;
using Elsa.Workflows.Options;
using SpeElsa.Engine.Expressions;
using SpeElsa.Engine.Serialization;

namespace Elsa.Workflows.Runtime.Activities;

/// <summary>
/// Starts another workflow once for each item. Where it waits, it runs <see cref="ChildCompleted"/> or <see cref="ChildFaulted"/> for each one that ends
/// and completes when all have, with "Completed", or "Canceled" where one was cancelled, and "Done".
/// </summary>
[Activity("Elsa", "Composition", "Starts another workflow for each item", Kind = ActivityKind.Task)]
[FlowNode("Completed", "Canceled", "Done")]
public class BulkDispatchWorkflows : Activity
{
    private const string TotalKey = "DispatchedInstancesCount";
    private const string EndedKey = "EndedInstances";
    private const string CanceledKey = "CanceledInstances";
    private const string HandlersKey = "RunningHandlers";

    /// <summary>Which workflow.</summary>
    [Input(DisplayName = "Workflow Definition", UIHint = "workflow-definition-picker", Description = "The workflow to start")]
    public Input<string> WorkflowDefinitionId { get; set; } = new("");

    /// <summary>The items: a list.</summary>
    [Input(Description = "The items, one workflow for each")]
    public Input<object?> Items { get; set; } = new((object?)null);

    /// <summary>The input under which a child gets its item. Default "Item".</summary>
    [Input(Description = "The input under which a workflow gets its item", DefaultValue = "Item")]
    public Input<string> DefaultItemInputKey { get; set; } = new("Item");

    /// <summary>JavaScript that makes the correlation id of an item, which it sees as "item"; empty: none.</summary>
    [Input(DisplayName = "Correlation ID Function", Description = "JavaScript that makes the correlation ID; it sees the item as getItem()", AutoEvaluate = false)]
    public Input<string?> CorrelationIdFunction { get; set; } = new((string?)null);

    /// <summary>Input for all.</summary>
    [Input(Description = "Input for every workflow", UIHint = "dictionary")]
    public Input<IDictionary<string, object?>?> Input { get; set; } = new((IDictionary<string, object?>?)null);

    /// <summary>Whether to wait for the end of all. Default true.</summary>
    [Input(DisplayName = "Wait for Completion", Description = "Wait for the end of all workflows", DefaultValue = true)]
    public Input<bool> WaitForCompletion { get; set; } = new(true);

    /// <summary>Kept for other engines; here every run has a journal of its own.</summary>
    [Input(Category = "Open Telemetry", Description = "Kept for other engines")]
    public Input<bool> StartNewTrace { get; set; } = new(false);

    /// <summary>Kept for other engines; here all runs share the workers.</summary>
    [Input(DisplayName = "Channel", UIHint = "dropdown", UIHandler = typeof(ChannelOptions), Description = "Kept for other engines")]
    public Input<string?> ChannelName { get; set; } = new((string?)null);

    /// <summary>Runs for each child that has finished; it sees the variables ChildInstanceId and ChildOutput.</summary>
    [Port]
    public IActivity? ChildCompleted { get; set; }

    /// <summary>Runs for each child that has faulted.</summary>
    [Port]
    public IActivity? ChildFaulted { get; set; }

    /// <inheritdoc />
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var definitionId = context.Get(WorkflowDefinitionId);
        await ChildWorkflows.CheckAsync(context, definitionId);
        var items = ReadItems(context.Get(Items));
        var waits = context.Get(WaitForCompletion) && items.Count > 0;
        var bookmark = waits ? context.CreateBookmark(new CreateBookmarkArgs { Callback = OnChildEndedAsync, AutoBurn = false }) : null;
        context.SetProperty(TotalKey, items.Count);
        for (var index = 0; index < items.Count; index++)
        {
            ChildWorkflows.Ask(context, index, definitionId!, await CorrelateAsync(context, items[index]), InputOf(context, items[index]), bookmark?.Id);
        }

        context.JournalData["Dispatched"] = items.Count;
        if (!waits)
        {
            await context.CompleteActivityWithOutcomesAsync("Completed", "Done");
        }
    }

    private static List<object?> ReadItems(object? items) => items switch
    {
        null => [],
        string text when text.TrimStart().StartsWith('[') => EngineJson.Read<List<object?>>(text)!,
        string or IDictionary<string, object?> => throw new InvalidOperationException("The items have to be a list."),
        IEnumerable list => [.. list.Cast<object?>()],
        _ => throw new InvalidOperationException("The items have to be a list."),
    };

    private Dictionary<string, object?> InputOf(ActivityExecutionContext context, object? item)
    {
        var input = new Dictionary<string, object?>(context.Get(Input) ?? new Dictionary<string, object?>());
        if (item is IDictionary<string, object?> values)
        {
            foreach (var (key, value) in values)
            {
                input[key] = value;
            }
        }

        input[context.Get(DefaultItemInputKey) is { Length: > 0 } name ? name : "Item"] = item;
        return input;
    }

    private async ValueTask<string?> CorrelateAsync(ActivityExecutionContext context, object? item)
    {
        if (CorrelationIdFunction.Expression?.Value as string is not { Length: > 0 } script)
        {
            return null;
        }

        var code = $"(function (item) {{ const getItem = () => item; return ({script}); }})({EngineJson.Write(item)})";
        var value = await context.GetRequiredService<ExpressionEvaluator>().EvaluateAsync(new Expression("JavaScript", code), typeof(string), context.ExpressionExecutionContext);
        return ObjectConverter.ConvertTo<string>(value);
    }

    private async ValueTask OnChildEndedAsync(ActivityExecutionContext context)
    {
        var ended = ChildWorkflows.Ended(context);
        context.UpdateProperty<int>(EndedKey, count => count + 1);
        if (ended.SubStatus is WorkflowSubStatus.Cancelled)
        {
            context.SetProperty(CanceledKey, true);
        }

        var handler = ended.SubStatus is WorkflowSubStatus.Finished ? ChildCompleted : ended.SubStatus is WorkflowSubStatus.Faulted ? ChildFaulted : null;
        if (handler is null)
        {
            await CompleteIfAllHaveEndedAsync(context);
            return;
        }

        context.UpdateProperty<int>(HandlersKey, count => count + 1);
        await context.ScheduleActivityAsync(handler, new ScheduleWorkOptions(OnHandlerCompletedAsync)
        {
            Variables = [new Variable("ChildInstanceId", ended.ChildInstanceId, $"{context.Id}:child"), new Variable("ChildOutput", ended.Output, $"{context.Id}:output")],
        });
    }

    private async ValueTask OnHandlerCompletedAsync(ActivityCompletedContext context)
    {
        context.TargetContext.UpdateProperty<int>(HandlersKey, count => count - 1);
        await CompleteIfAllHaveEndedAsync(context.TargetContext);
    }

    private static async ValueTask CompleteIfAllHaveEndedAsync(ActivityExecutionContext context)
    {
        if (context.GetProperty<int>(EndedKey) < context.GetProperty<int>(TotalKey) || context.GetProperty<int>(HandlersKey) > 0)
        {
            return;
        }

        await context.CompleteActivityWithOutcomesAsync(context.GetProperty<bool>(CanceledKey) ? ["Canceled", "Done"] : ["Completed", "Done"]);
    }
}
