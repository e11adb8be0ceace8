using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpeElsa.Activities;

/// <summary>What a person is asked, as it is stored with the bookmark.</summary>
public sealed record HumanTaskStimulus
{
    /// <summary>The stable short name of the task: letters, digits and hyphens.</summary>
    [JsonPropertyName("taskName")]
    public required string TaskName { get; init; }

    /// <summary>How often this task has been opened in this workflow instance, from 1.</summary>
    [JsonPropertyName("round")]
    public required int Round { get; init; }

    /// <summary>What is to be done, in a few words.</summary>
    [JsonPropertyName("title")]
    public required string Title { get; init; }

    /// <summary>How it is done.</summary>
    [JsonPropertyName("instructions")]
    public string Instructions { get; init; } = "";

    /// <summary>What is to be filled in.</summary>
    [JsonPropertyName("fields")]
    public IReadOnlyList<HumanTaskField> Fields { get; init; } = [];

    /// <summary>The answers to choose from.</summary>
    [JsonPropertyName("outcomes")]
    public IReadOnlyList<string> Outcomes { get; init; } = [HumanTasks.DoneOutcome];

    /// <summary>Who may do it.</summary>
    [JsonPropertyName("role")]
    public string Role { get; init; } = HumanTasks.DefaultRole;

    /// <summary>What a check of the machines found last time; null when nothing has been checked yet.</summary>
    [JsonPropertyName("finding")]
    public string? Finding { get; init; }

    /// <summary><see cref="HumanTasks.TaskKind"/>, <see cref="HumanTasks.DecisionKind"/>, <see cref="HumanTasks.ApprovalKind"/> or <see cref="HumanTasks.ConfirmationKind"/>.</summary>
    [JsonPropertyName("kind")]
    public string Kind { get; init; } = HumanTasks.TaskKind;

    /// <summary>Whether whoever answers has to be signed in as himself: a key could be anybody's.</summary>
    [JsonPropertyName("needsPerson")]
    public bool NeedsPerson { get; init; }

    /// <summary>Who may not answer, because it takes a second person.</summary>
    [JsonPropertyName("notBy")]
    public IReadOnlyList<HumanTaskPerson> NotBy { get; init; } = [];

    /// <summary>The step that asks, as the designer shows it.</summary>
    [JsonPropertyName("activityName")]
    public string ActivityName { get; init; } = "";

    /// <summary>When it is due; null: the host says.</summary>
    [JsonPropertyName("dueAt")]
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When it was opened.</summary>
    [JsonPropertyName("createdAt")]
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Somebody who has answered.</summary>
/// <param name="Name">His name.</param>
/// <param name="Account">The account that he was signed in with, which stays when it is renamed; null where a key answered for him.</param>
public sealed record HumanTaskPerson(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("account")] string? Account)
{
    internal static HumanTaskPerson Of(HumanTaskCompletion completion) => new(completion.CompletedBy, completion.Account);

    /// <summary>Whether an answer is this person's.</summary>
    internal bool Gave(HumanTaskCompletion completion) =>
        (Account is not null && Account == completion.Account) || string.Equals(Name, completion.CompletedBy, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Something to fill in.</summary>
public sealed record HumanTaskField
{
    /// <summary>Its stored name.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Its name for people.</summary>
    [JsonPropertyName("label")]
    public string Label { get; init; } = "";

    /// <summary>One of <see cref="HumanTaskFieldTypes"/>.</summary>
    [JsonPropertyName("type")]
    public string Type { get; init; } = HumanTaskFieldTypes.Text;

    /// <summary>Whether every answer needs it.</summary>
    [JsonPropertyName("required")]
    public bool Required { get; init; }

    /// <summary>The outcomes that need it, if not all do.</summary>
    [JsonPropertyName("requiredFor")]
    public IReadOnlyList<string> RequiredFor { get; init; } = [];

    /// <summary>What a choice may be.</summary>
    [JsonPropertyName("choices")]
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>What belongs there.</summary>
    [JsonPropertyName("description")]
    public string? Description { get; init; }

    /// <summary>A regular expression that the whole text must match.</summary>
    [JsonPropertyName("pattern")]
    public string? Pattern { get; init; }
}

/// <summary>The types of fields.</summary>
public static class HumanTaskFieldTypes
{
    /// <summary>One line.</summary>
    public const string Text = "text";

    /// <summary>Several lines.</summary>
    public const string Multiline = "multiline";

    /// <summary>Yes or no.</summary>
    public const string Boolean = "boolean";

    /// <summary>Goes to the secret store; the workflow sees a reference only.</summary>
    public const string Secret = "secret";

    /// <summary>One of the choices.</summary>
    public const string Choice = "choice";

    /// <summary>A number.</summary>
    public const string Number = "number";

    /// <summary>One file, or a list of files, that the host keeps; the workflow sees name, size and SHA-256.</summary>
    public const string File = "file";

    internal static IReadOnlyList<string> All { get; } = [Text, Multiline, Boolean, Secret, Choice, Number, File];
}

/// <summary>A person's answer, as the workflow gets it.</summary>
public sealed record HumanTaskCompletion
{
    /// <summary>Who answered.</summary>
    [JsonPropertyName("completedBy")]
    public required string CompletedBy { get; init; }

    /// <summary>The account that they were signed in with; null where a key answered for them.</summary>
    [JsonPropertyName("account")]
    public string? Account { get; init; }

    /// <summary>By what the answer came, if not by their own sign-in: a link, and who sent it.</summary>
    [JsonPropertyName("via")]
    public string? Via { get; init; }

    /// <summary>What they added.</summary>
    [JsonPropertyName("comment")]
    public string? Comment { get; init; }

    /// <summary>The answer.</summary>
    [JsonPropertyName("outcome")]
    public string Outcome { get; init; } = HumanTasks.DoneOutcome;

    /// <summary>What was filled in; secrets as references.</summary>
    [JsonPropertyName("fields")]
    public IReadOnlyDictionary<string, JsonElement> Fields { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>When it was answered.</summary>
    [JsonPropertyName("completedAt")]
    public DateTimeOffset CompletedAt { get; init; }

    internal string? Text(string field) =>
        Fields.TryGetValue(field, out var value) && value.ValueKind is JsonValueKind.String && !string.IsNullOrWhiteSpace(value.GetString())
            ? value.GetString()
            : null;
}
