using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Elsa.Workflows;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>The tasks of people and the decisions of steps: how they are stored, found and answered. Both have the same form.</summary>
public static class HumanTasks
{
    /// <summary>The name of every bookmark that waits for a person.</summary>
    public const string BookmarkName = "SpeElsa.HumanTask";

    /// <summary>The workflow input that carries the <see cref="HumanTaskCompletion"/>.</summary>
    public const string InputKey = "HumanTask";

    /// <summary>How the reference to a secret begins.</summary>
    public const string SecretPrefix = "secret:";

    /// <summary>A task of the workflow's definition.</summary>
    public const string TaskKind = "task";

    /// <summary>A step could not go on by itself.</summary>
    public const string DecisionKind = "decision";

    /// <summary>A second person agrees that a task is done.</summary>
    public const string ApprovalKind = "approval";

    /// <summary>A second person looks whether a task was done.</summary>
    public const string ConfirmationKind = "confirmation";

    /// <summary>Approval: it may be done.</summary>
    public const string ApproveOutcome = "Approve";

    /// <summary>Approval: it may not be done; needs <see cref="ReasonField"/>. It is asked again.</summary>
    public const string RefuseOutcome = "Refuse";

    /// <summary>Confirmation: it was done.</summary>
    public const string ConfirmOutcome = "Confirm";

    /// <summary>Confirmation: it is to be done again; needs <see cref="ReasonField"/>.</summary>
    public const string SendBackOutcome = "SendBack";

    /// <summary>Who approves and confirms.</summary>
    public const string ApproverRole = "approver";

    /// <summary>The answer of a task that offers no choice.</summary>
    public const string DoneOutcome = "Done";

    /// <summary>Who may do a task that names nobody.</summary>
    public const string DefaultRole = "operator";

    /// <summary>Decision: look again, and act again if need be.</summary>
    public const string RetryOutcome = "Retry";

    /// <summary>Decision: go on without this step; needs <see cref="ReasonField"/>.</summary>
    public const string SkipOutcome = "Skip";

    /// <summary>Decision: a person has done it; needs <see cref="EvidenceField"/>.</summary>
    public const string MarkDoneOutcome = "MarkDone";

    /// <summary>Decision: end the move; needs <see cref="ReasonField"/>.</summary>
    public const string AbortOutcome = "Abort";

    /// <summary>Decision: end the move and bring the old server back; needs <see cref="ReasonField"/>.</summary>
    public const string UndoOutcome = "Undo";

    /// <summary>The field of a decision that says why.</summary>
    public const string ReasonField = "reason";

    /// <summary>The field of a decision that says how one knows that it is done.</summary>
    public const string EvidenceField = "evidence";

    private static readonly TimeSpan PatternTimeout = TimeSpan.FromMilliseconds(200);

    /// <summary>The id of a task, which is its bookmark's id: the same after a crash.</summary>
    /// <param name="workflowInstanceId">The instance.</param>
    /// <param name="taskName">The task's stable name.</param>
    /// <param name="round">How often it has been opened, from 1.</param>
    public static string TaskId(string workflowInstanceId, string taskName, int round) =>
        string.Create(CultureInfo.InvariantCulture, $"{workflowInstanceId}-{taskName}-{round}");

    /// <summary>Reads what a bookmark asks.</summary>
    /// <param name="payload">The bookmark's payload, in whatever form it was loaded.</param>
    /// <returns>The stimulus; null when there is none.</returns>
    public static HumanTaskStimulus? ReadStimulus(object? payload) => Wire.Read<HumanTaskStimulus>(payload);

    /// <summary>Checks an answer before it is stored. Secrets may still be values, or references already.</summary>
    /// <param name="stimulus">What was asked.</param>
    /// <param name="completion">The answer.</param>
    /// <returns>What is wrong, by field name (<c>outcome</c> for the answer itself, <c>completedBy</c> for who gives it); empty when all is well.</returns>
    public static IReadOnlyDictionary<string, string[]> Validate(HumanTaskStimulus stimulus, HumanTaskCompletion completion)
    {
        ArgumentNullException.ThrowIfNull(stimulus);
        ArgumentNullException.ThrowIfNull(completion);
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (!stimulus.Outcomes.Contains(completion.Outcome, StringComparer.Ordinal))
        {
            errors["outcome"] = [$"'{completion.Outcome}' is not an answer of this task; choose {string.Join(", ", stimulus.Outcomes)}."];
        }

        if (stimulus.NotBy.FirstOrDefault(person => person.Gave(completion)) is { } same)
        {
            errors["completedBy"] = [$"This takes a second person: {same.Name} has answered the other part of it already."];
        }

        foreach (var name in completion.Fields.Keys.Where(name => stimulus.Fields.All(field => field.Name != name)))
        {
            errors[name] = [$"This task has no field '{name}'."];
        }

        foreach (var field in stimulus.Fields)
        {
            if (Check(field, completion) is { } error)
            {
                errors[field.Name] = [error];
            }
        }

        return errors;
    }

    /// <summary>Waits for a person.</summary>
    internal static string Open(ActivityExecutionContext context, HumanTaskStimulus template, ExecuteActivityDelegate callback)
    {
        var workflow = context.WorkflowExecutionContext;
        var key = RoundKey(template.TaskName);
        var round = workflow.GetProperty<int>(key) + 1;
        workflow.SetProperty(key, round);
        var stimulus = template with
        {
            Round = round,
            ActivityName = NameOf(context),
            CreatedAt = (context.GetService<TimeProvider>() ?? TimeProvider.System).GetUtcNow(),
        };
        var id = TaskId(workflow.Id, stimulus.TaskName, round);
        context.CreateBookmark(new CreateBookmarkArgs
        {
            BookmarkId = id,
            BookmarkName = BookmarkName,
            Stimulus = stimulus,
            Callback = callback,
            Metadata = new Dictionary<string, string> { ["taskName"] = stimulus.TaskName, ["kind"] = stimulus.Kind },
        });
        return id;
    }

    /// <summary>The property of the workflow that counts how often a task has been opened.</summary>
    internal static string RoundKey(string taskName) => $"HumanTask:{taskName}";

    internal static HumanTaskCompletion? ReadCompletion(ActivityExecutionContext context) =>
        context.WorkflowInput.TryGetValue(InputKey, out var value) ? Wire.Read<HumanTaskCompletion>(value) : null;

    internal static bool IsReference(string? text) => text?.StartsWith(SecretPrefix, StringComparison.Ordinal) == true;

    /// <summary>A task name made of an activity's id: ids may hold anything, task names letters, digits and hyphens.</summary>
    internal static string TaskNameOf(string activityId) => string.Concat(activityId.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '-'));

    internal static string NameOf(ActivityExecutionContext context) => NameOf(context.Activity);

    internal static string NameOf(IActivity activity) =>
        activity.Metadata.TryGetValue("displayText", out var text) && text?.ToString() is { Length: > 0 } display ? display
        : string.IsNullOrEmpty(activity.Name) ? activity.Id
        : activity.Name;

    private static string? Check(HumanTaskField field, HumanTaskCompletion completion)
    {
        if (!completion.Fields.TryGetValue(field.Name, out var value) || IsEmpty(value))
        {
            return field.Required || field.RequiredFor.Contains(completion.Outcome, StringComparer.Ordinal)
                ? "This field must be filled in."
                : null;
        }

        return field.Type switch
        {
            HumanTaskFieldTypes.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? null
                : "This field is true or false.",
            HumanTaskFieldTypes.Number => value.ValueKind is JsonValueKind.Number ? null : "This field is a number.",
            HumanTaskFieldTypes.File => IsFile(value) || (value.ValueKind is JsonValueKind.Array && value.GetArrayLength() > 0 && value.EnumerateArray().All(IsFile))
                ? null
                : "This field is a file, or a list of files, that was given to the task before.",
            _ when value.ValueKind is not JsonValueKind.String => "This field is text.",
            HumanTaskFieldTypes.Choice => field.Choices.Contains(value.GetString()!, StringComparer.Ordinal)
                ? null
                : $"Choose {string.Join(", ", field.Choices)}.",
            HumanTaskFieldTypes.Secret => null,
            _ => Matches(field, value.GetString()!) ? null : $"This field does not have the form {field.Pattern}.",
        };
    }

    private static bool IsFile(JsonElement value) => value.ValueKind is JsonValueKind.Object && value.TryGetProperty("sha256", out var digest) && digest.ValueKind is JsonValueKind.String;

    private static bool IsEmpty(JsonElement value) =>
        value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined
        || (value.ValueKind is JsonValueKind.String && string.IsNullOrWhiteSpace(value.GetString()));

    private static bool Matches(HumanTaskField field, string text)
    {
        if (string.IsNullOrEmpty(field.Pattern))
        {
            return true;
        }

        try
        {
            return Regex.IsMatch(text, $"^(?:{field.Pattern})$", RegexOptions.CultureInvariant, PatternTimeout);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
