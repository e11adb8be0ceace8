namespace SpeElsa.Engine.Execution;

/// <summary>The last outputs of each activity. They are stored with the instance: an expression that reads them after a crash sees the same values.</summary>
internal sealed class ActivityOutputs
{
    public Dictionary<string, IDictionary<string, object?>> Values { get; } = new(StringComparer.Ordinal);

    public string? LastActivityId { get; set; }

    public void Record(string activityId, string outputName, object? value)
    {
        if (!Values.TryGetValue(activityId, out var outputs))
        {
            Values[activityId] = outputs = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        }

        outputs[outputName] = value;
        LastActivityId = activityId;
    }

    public object? Find(string activityId, string? outputName = null) =>
        Values.TryGetValue(activityId, out var outputs) && outputs.TryGetValue(outputName ?? "Result", out var value) ? value : null;
}
