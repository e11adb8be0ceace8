using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Runtime;

/// <summary>What a start or a resumption says beside its input. It travels in the stimulus under a name that no input can have.</summary>
internal sealed record StartOptions
{
    private const string Key = "$start";

    /// <summary>The activity whose stimulus starts the run, or null.</summary>
    public string? TriggerActivityId { get; init; }

    /// <summary>Values for variables of the workflow, by name.</summary>
    public Dictionary<string, object?> Variables { get; init; } = [];

    /// <summary>Facts about the run.</summary>
    public Dictionary<string, object?> Properties { get; init; } = [];

    /// <summary>Whether the instance is only made; a second start lets it run.</summary>
    public bool Created { get; init; }

    /// <summary>The stimulus' input.</summary>
    public Dictionary<string, object?> AddTo(IEnumerable<KeyValuePair<string, object?>>? input)
    {
        var whole = new Dictionary<string, object?>(input ?? [], StringComparer.Ordinal);
        whole.Remove(Key);
        if (Created || TriggerActivityId is not null || Variables.Count > 0 || Properties.Count > 0)
        {
            whole[Key] = this;
        }

        return whole;
    }

    /// <summary>Takes the options out of a stimulus' input.</summary>
    public static StartOptions TakeFrom(Dictionary<string, object?> input) =>
        input.Remove(Key, out var value) && ObjectConverter.ConvertTo<StartOptions>(value) is { } options ? options : new StartOptions();
}

/// <summary>What a retry is about.</summary>
internal static class RetryInput
{
    public const string Key = "Activities";

    public static IReadOnlyCollection<string> Of(Dictionary<string, object?> input) =>
        input.TryGetValue(Key, out var value) ? ObjectConverter.ConvertTo<string[]>(value) ?? [] : [];
}
