using Elsa.Workflows.Runtime.Entities;
using Elsa.Workflows.State;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime.History;

/// <summary>What an execution was given, put out and threw: read from the payloads of its rows, and from the state what only that knows.</summary>
internal static class ExecutionDetails
{
    public static void Add(ActivityExecutionRecord record, JournalRecord row)
    {
        if (row.EventName is not ("Started" or "Resumed" or "Suspended" or "Completed" or "Faulted" or "Retried"))
        {
            return;
        }

        var payload = row.Payload is null ? null : EngineJson.Read<Dictionary<string, object?>>(row.Payload);
        switch (row.EventName)
        {
            case "Started" or "Resumed":
                record.ActivityState = Values(payload, JournalPayload.Inputs) ?? record.ActivityState;
                break;
            case "Suspended":
                record.Payload = Facts(payload) ?? record.Payload;
                break;
            case "Completed":
                record.Outputs = Values(payload, JournalPayload.Outputs);
                record.Payload = Facts(payload);
                break;
            case "Faulted":
                record.Payload = Facts(payload);
                record.Exception = new ExceptionState { Type = payload?.GetValueOrDefault(JournalPayload.Exception) as string ?? "", Message = row.Message ?? "" };
                break;
            case "Retried":
                record.Exception = null;
                break;
        }
    }

    /// <summary>Properties of what runs, and the whole exceptions.</summary>
    public static void Add(IReadOnlyDictionary<string, ActivityExecutionRecord> records, WorkflowState state)
    {
        foreach (var context in state.ActivityExecutionContexts)
        {
            if (records.TryGetValue(context.Id, out var record))
            {
                record.Properties = context.Properties;
                record.Metadata = context.Metadata;
            }
        }

        foreach (var incident in state.Incidents.Where(incident => incident.Exception is not null))
        {
            if (records.TryGetValue(incident.ActivityInstanceId, out var record))
            {
                record.Exception = incident.Exception;
            }
        }
    }

    private static IDictionary<string, object?>? Values(Dictionary<string, object?>? payload, string key) => payload?.GetValueOrDefault(key) as IDictionary<string, object?>;

    private static Dictionary<string, object?>? Facts(Dictionary<string, object?>? payload)
    {
        payload?.Remove(JournalPayload.Inputs);
        payload?.Remove(JournalPayload.Outputs);
        return payload is { Count: > 0 } ? payload : null;
    }
}
