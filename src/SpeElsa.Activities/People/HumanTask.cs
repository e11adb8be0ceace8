using System.Globalization;
using System.Text.Json;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>Asks a person to do something and waits until they say that it is done. It is never completed by time.</summary>
[Activity("SpeElsa", "HumanTask", 1, "Asks a person to do something and waits until it is done", "People", DisplayName = "Human task")]
public sealed partial class HumanTask : Activity
{
    /// <summary>What is to be done, in a few words.</summary>
    [Input(DisplayName = "Title", Description = "What is to be done, in a few words", UIHint = "singleline", Order = 1)]
    public Input<string> Title { get; set; } = new("");

    /// <summary>How it is done.</summary>
    [Input(
        DisplayName = "Instructions",
        Description = "Who does what, where, with which words and clicks",
        UIHint = "multiline",
        Order = 2)]
    public Input<string> Instructions { get; set; } = new("");

    /// <summary>The stable short name of the task; ids are made of it.</summary>
    [Input(DisplayName = "Task name", Description = "Stable short name; letters, digits and hyphens", UIHint = "singleline", Order = 3)]
    public Input<string> TaskName { get; set; } = new("");

    /// <summary>What is to be filled in: a JSON list of name, label, type, required, requiredFor, choices, description, pattern.</summary>
    [Input(
        DisplayName = "Fields",
        Description = "JSON list of {name, label, type: text|multiline|boolean|secret|choice|number|file, required, requiredFor, choices, description, pattern}",
        UIHint = "json-editor",
        Order = 4)]
    public Input<object?> Fields { get; set; } = new((object?)null);

    /// <summary>The answers to choose from; each is an outcome.</summary>
    [Input(DisplayName = "Outcomes", Description = "The answers to choose from", UIHint = "dynamic-outcomes", Order = 5)]
    public Input<ICollection<string>> Outcomes { get; set; } = new(new List<string> { HumanTasks.DoneOutcome });

    /// <summary>Who may do it.</summary>
    [Input(
        DisplayName = "Role",
        Description = "Who may do it",
        UIHint = "dropdown",
        Options = new[] { HumanTasks.DefaultRole, "approver", "designer", "administrator" },
        DefaultValue = HumanTasks.DefaultRole,
        Order = 6)]
    public Input<string> Role { get; set; } = new(HumanTasks.DefaultRole);

    /// <summary>How long it may take before people are reminded.</summary>
    [Input(
        DisplayName = "Due in",
        Description = "How long it may take before people are reminded, as hh:mm:ss or d.hh:mm:ss. Empty: as the settings of the server say. It is never completed by time",
        UIHint = "singleline",
        Order = 9)]
    public Input<string> DueIn { get; set; } = new("");

    /// <summary>What a check found last time; shown on top.</summary>
    [Input(DisplayName = "Finding", Description = "What a check found last time; shown on top", UIHint = "singleline", Order = 7)]
    public Input<string?> Finding { get; set; } = new((string?)null);

    /// <summary>What was filled in, by name; secrets as references.</summary>
    [Output(DisplayName = "Fields", Description = "What was filled in, by name; secrets as references")]
    public Output<object>? Answers { get; set; }

    /// <summary>What the person added.</summary>
    [Output(DisplayName = "Comment", Description = "What the person added")]
    public Output<string>? Comment { get; set; }

    /// <summary>Who did it.</summary>
    [Output(DisplayName = "Completed by", Description = "Who did it")]
    public Output<string>? CompletedBy { get; set; }

    /// <summary>The answer.</summary>
    [Output(DisplayName = "Outcome", Description = "The answer that was chosen")]
    public Output<string>? Outcome { get; set; }

    /// <inheritdoc />
    protected override void Execute(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var asked = Describe(context, null);
        if (NeedsApproval(context, asked.TaskName) && ApproverOf(context, asked.TaskName) is null)
        {
            AskForApproval(context, asked, context.Get(Finding));
            return;
        }

        Open(context, context.Get(Finding));
    }

    /// <summary>Goes on with a person's answer.</summary>
    private ValueTask OnCompletedAsync(ActivityExecutionContext context)
    {
        if (HumanTasks.ReadCompletion(context) is not { } completion)
        {
            Open(context, "The answer did not arrive; please give it again.");
            return ValueTask.CompletedTask;
        }

        var asked = Describe(context, null);
        var errors = HumanTasks.Validate(asked, completion);
        var naked = asked.Fields.FirstOrDefault(
            field => field.Type == HumanTaskFieldTypes.Secret && completion.Text(field.Name) is { } text && !HumanTasks.IsReference(text));
        if (errors.Count > 0 || naked is not null)
        {
            // Whoever took the answer checks it first; what still comes here wrong is asked again rather than guessed at.
            var problem = naked is null
                ? string.Join(" ", errors.SelectMany(error => error.Value))
                : $"The secret '{naked.Name}' was not stored as one.";
            Open(context, $"The last answer, by {completion.CompletedBy}, can not be used: {problem}");
            return ValueTask.CompletedTask;
        }

        context.AddExecutionLogEntry("TaskCompleted", $"{completion.Outcome} by {completion.CompletedBy}", null, Wire.Plain(completion));
        if (NeedsConfirmation(context, asked.TaskName))
        {
            AskForConfirmation(context, asked, completion, null);
            return ValueTask.CompletedTask;
        }

        return FinishAsync(context, asked, completion);
    }

    private ValueTask FinishAsync(ActivityExecutionContext context, HumanTaskStimulus asked, HumanTaskCompletion completion)
    {
        AnswerProof.Claim(context, asked.TaskName);
        var fields = Wire.Plain(completion.Fields);
        Record(context, completion, fields);
        Put(context, Answers, fields);
        Put(context, Comment, completion.Comment);
        Put(context, CompletedBy, completion.CompletedBy);
        Put(context, Outcome, completion.Outcome);
        return context.CompleteActivityWithOutcomesAsync(completion.Outcome);
    }

    private static void Record(ActivityExecutionContext context, HumanTaskCompletion completion, object? fields)
    {
        context.JournalData["CompletedBy"] = completion.CompletedBy;
        context.JournalData["CompletedAt"] = completion.CompletedAt;
        context.JournalData["Comment"] = completion.Comment!;
        context.JournalData["Fields"] = fields!;
    }

    private static void Put<T>(ActivityExecutionContext context, Output<T>? output, T? value)
    {
        if (output is not null)
        {
            context.Set(output, value);
        }
    }

    private void Open(ActivityExecutionContext context, string? finding)
    {
        var id = HumanTasks.Open(context, Describe(context, finding), OnCompletedAsync);
        context.AddExecutionLogEntry("TaskOpened", finding, null, Wire.Plain(new { taskId = id }));
    }

    private HumanTaskStimulus Describe(ActivityExecutionContext context, string? finding)
    {
        var name = context.Get(TaskName) is { Length: > 0 } given ? given : context.Activity.Id;
        if (!name.All(character => char.IsAsciiLetterOrDigit(character) || character == '-'))
        {
            throw new InvalidOperationException($"The task name '{name}' may have letters, digits and hyphens only.");
        }

        var approver = ApproverOf(context, name);
        return new HumanTaskStimulus
        {
            TaskName = name,
            Round = 0,
            Title = context.Get(Title) ?? name,
            Instructions = context.Get(Instructions) ?? "",
            Fields = ReadFields(context.Get(Fields)),
            Outcomes = context.Get(Outcomes) is { Count: > 0 } outcomes ? [.. outcomes] : [HumanTasks.DoneOutcome],
            Role = context.Get(Role) is { Length: > 0 } role ? role : HumanTasks.DefaultRole,
            Finding = string.IsNullOrWhiteSpace(finding) ? null : finding,
            DueAt = DueAt(context),
            NeedsPerson = approver is not null || NeedsConfirmation(context, name),
            NotBy = approver is null ? [] : [approver],
        };
    }

    private DateTimeOffset? DueAt(ActivityExecutionContext context)
    {
        if (context.Get(DueIn) is not { Length: > 0 } text)
        {
            return null;
        }

        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero
            ? (context.GetService<TimeProvider>() ?? TimeProvider.System).GetUtcNow() + time
            : throw new InvalidOperationException($"'{text}' is not how long a task may take; write hh:mm:ss or d.hh:mm:ss.");
    }

    private static List<HumanTaskField> ReadFields(object? value)
    {
        try
        {
            var fields = Wire.Read<List<HumanTaskField>>(value) ?? [];
            return fields.Find(field => !HumanTaskFieldTypes.All.Contains(field.Type, StringComparer.Ordinal)) is { } unknown
                ? throw new InvalidOperationException(
                    $"The field '{unknown.Name}' has the unknown type '{unknown.Type}'; use one of {string.Join(", ", HumanTaskFieldTypes.All)}.")
                : fields;
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException($"The fields of the task are not a JSON list of fields: {exception.Message}", exception);
        }
    }
}
