using System.Text.Json;
using Elsa.Workflows;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Execution;

/// <summary>
/// What the journal's own rows say beside what an activity adds: with what it was entered, what it put out, where it goes on. Inputs that can hold
/// secrets are never in there. A value that is large as JSON is left out and said to be.
/// </summary>
internal static class JournalPayload
{
    /// <summary>Evaluated inputs by name.</summary>
    public const string Inputs = "Inputs";

    /// <summary>Outputs by name.</summary>
    public const string Outputs = "Outputs";

    /// <summary>The outcomes it completed with.</summary>
    public const string Outcomes = "Outcomes";

    /// <summary>The type name of what was thrown.</summary>
    public const string Exception = "Exception";

    /// <summary>The execution whose code scheduled it.</summary>
    public const string ScheduledBy = "ScheduledBy";

    private const int LargestValue = 16 * 1024;

    /// <summary>Of the row that says that an execution begins or goes on.</summary>
    public static Dictionary<string, object?>? Entered(ActivityExecutionContext context, WorkItem item)
    {
        var payload = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (item.Input?.TryGetValue(Storage.TimerStimulus.LatenessKey, out var lateness) == true)
        {
            payload["LatenessMilliseconds"] = lateness;
        }

        if (item.Resumed is null)
        {
            AddValues(payload, Inputs, context.ActivityState);
            if (context.SchedulingActivityExecutionId is { } scheduler && scheduler != context.ParentActivityExecutionContext?.Id)
            {
                payload[ScheduledBy] = scheduler;
            }
        }

        return payload.Count > 0 ? payload : null;
    }

    /// <summary>Of the row that says that an execution has completed.</summary>
    public static Dictionary<string, object?> Completed(ActivityExecutionContext context, string[] outcomes)
    {
        var payload = new Dictionary<string, object?>(context.JournalData, StringComparer.Ordinal) { [Outcomes] = outcomes };
        if (context.ActivityDescriptor.Outputs.Count > 0 && context.WorkflowExecutionContext.Outputs.Values.TryGetValue(context.Activity.Id, out var outputs))
        {
            AddValues(payload, Outputs, outputs);
        }

        return payload;
    }

    private static void AddValues(Dictionary<string, object?> payload, string key, IDictionary<string, object?> values)
    {
        if (values.Count > 0)
        {
            payload[key] = values.ToDictionary(pair => pair.Key, pair => Bounded(pair.Value), StringComparer.Ordinal);
        }
    }

    private static object? Bounded(object? value)
    {
        if (value is null or bool or int or long or double or decimal or DateTimeOffset or TimeSpan || value is string { Length: <= LargestValue })
        {
            return value;
        }

        try
        {
            var size = EngineJson.WriteBytes(value).Length;
            return size <= LargestValue ? value : $"({size} bytes, left out)";
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException)
        {
            return "(not serializable)";
        }
    }
}
