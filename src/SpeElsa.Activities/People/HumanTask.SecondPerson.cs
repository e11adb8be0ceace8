using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

// Four eyes: what one person does, another one has approved before, or confirms after. It is never the same person, and never a matter of time.
public sealed partial class HumanTask
{
    /// <summary>The value of <see cref="SecondPerson"/> for a task that another person approves before it is done.</summary>
    public const string ApproveBefore = "ApproveBefore";

    /// <summary>The value of <see cref="SecondPerson"/> for a task that another person confirms after it was done.</summary>
    public const string ConfirmAfter = "ConfirmAfter";

    internal const string ApprovalRequestedEvent = "ApprovalRequested";
    internal const string ApprovalAnsweredEvent = "ApprovalAnswered";
    internal const string ConfirmationRequestedEvent = "ConfirmationRequested";
    internal const string ConfirmationAnsweredEvent = "ConfirmationAnswered";
    private const string FirstAnswerKey = "FirstAnswer";

    /// <summary>Whether a second person is needed.</summary>
    [Input(
        DisplayName = "Second person",
        Description = "ApproveBefore: another person approves before it is done. ConfirmAfter: another person confirms after it was done. Empty: as the settings of the server say for this task name",
        UIHint = "dropdown",
        Options = new[] { ApproveBefore, ConfirmAfter },
        Order = 8)]
    public Input<string> SecondPerson { get; set; } = new("");

    private bool NeedsApproval(ActivityExecutionContext context, string name) => IsNeeded(context, name, ApproveBefore, options => options.ApproveBefore);

    private bool NeedsConfirmation(ActivityExecutionContext context, string name) => IsNeeded(context, name, ConfirmAfter, options => options.ConfirmAfter);

    private bool IsNeeded(ActivityExecutionContext context, string name, string when, Func<HumanTaskOptions, IList<string>> names)
    {
        var said = context.Get(SecondPerson);
        return said == when || (string.IsNullOrEmpty(said) && context.GetService<HumanTaskOptions>() is { } options && names(options).Contains(name, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Who approved this task in this run; a task that is asked again because a check found it undone needs no second approval.</summary>
    private static HumanTaskPerson? ApproverOf(ActivityExecutionContext context, string name) =>
        Wire.Read<HumanTaskPerson>(context.WorkflowExecutionContext.GetProperty<object?>(ApprovalKey(name)));

    private static string ApprovalKey(string name) => $"HumanTaskApproval:{name}";

    private void AskForApproval(ActivityExecutionContext context, HumanTaskStimulus asked, string? finding)
    {
        var id = HumanTasks.Open(context, Approval(asked) with { Finding = finding }, OnApprovalAsync);
        context.AddExecutionLogEntry(ApprovalRequestedEvent, finding, null, Wire.Plain(new { taskId = id }));
    }

    private ValueTask OnApprovalAsync(ActivityExecutionContext context)
    {
        var asked = Describe(context, context.Get(Finding));
        if (Read(context, Approval(asked), out var problem) is not { } answer)
        {
            AskForApproval(context, asked, problem);
            return ValueTask.CompletedTask;
        }

        context.AddExecutionLogEntry(ApprovalAnsweredEvent, $"{answer.Outcome} by {answer.CompletedBy}", null, Wire.Plain(answer));
        if (answer.Outcome == HumanTasks.ApproveOutcome)
        {
            context.WorkflowExecutionContext.SetProperty(ApprovalKey(asked.TaskName), Wire.Plain(HumanTaskPerson.Of(answer)));
            Open(context, context.Get(Finding));
        }
        else
        {
            AskForApproval(context, asked, $"{answer.CompletedBy} refused: {answer.Text(HumanTasks.ReasonField)} Approve it when that is settled, or end the move.");
        }

        return ValueTask.CompletedTask;
    }

    private void AskForConfirmation(ActivityExecutionContext context, HumanTaskStimulus asked, HumanTaskCompletion first, string? finding)
    {
        context.SetProperty(FirstAnswerKey, Wire.Plain(first));
        var id = HumanTasks.Open(context, Confirmation(asked, first) with { Finding = finding }, OnConfirmationAsync);
        context.AddExecutionLogEntry(ConfirmationRequestedEvent, finding, null, Wire.Plain(new { taskId = id }));
    }

    private ValueTask OnConfirmationAsync(ActivityExecutionContext context)
    {
        var asked = Describe(context, null);
        var first = Wire.Read<HumanTaskCompletion>(context.GetProperty<object?>(FirstAnswerKey))
            ?? throw new InvalidOperationException($"The answer to '{asked.TaskName}' that is to be confirmed is not in the state.");
        if (Read(context, Confirmation(asked, first), out var problem) is not { } answer)
        {
            AskForConfirmation(context, asked, first, problem);
            return ValueTask.CompletedTask;
        }

        context.AddExecutionLogEntry(ConfirmationAnsweredEvent, $"{answer.Outcome} by {answer.CompletedBy}", null, Wire.Plain(answer));
        if (answer.Outcome == HumanTasks.ConfirmOutcome)
        {
            return FinishAsync(context, asked, first);
        }

        Open(context, $"{answer.CompletedBy} sent it back: {answer.Text(HumanTasks.ReasonField)}");
        return ValueTask.CompletedTask;
    }

    /// <summary>Whoever took the answer has checked it; what still comes here wrong is asked again.</summary>
    private static HumanTaskCompletion? Read(ActivityExecutionContext context, HumanTaskStimulus asked, out string? problem)
    {
        if (HumanTasks.ReadCompletion(context) is not { } answer)
        {
            problem = "The answer did not arrive; please give it again.";
            return null;
        }

        var errors = HumanTasks.Validate(asked, answer);
        problem = errors.Count == 0 ? null : $"The last answer, by {answer.CompletedBy}, can not be used: {string.Join(" ", errors.SelectMany(error => error.Value))}";
        return problem is null ? answer : null;
    }

    private static HumanTaskStimulus Approval(HumanTaskStimulus asked) => asked with
    {
        TaskName = $"approve-{asked.TaskName}",
        Title = $"Approve: {asked.Title}",
        Instructions = $"This needs a second person. Somebody else does it once you have approved; you can not do it yourself then.\n\n{asked.Instructions}",
        Fields = [ReasonFor(HumanTasks.RefuseOutcome, "Why it is not to be done now, and what has to happen first.")],
        Outcomes = [HumanTasks.ApproveOutcome, HumanTasks.RefuseOutcome],
        Role = HumanTasks.ApproverRole,
        Kind = HumanTasks.ApprovalKind,
        NeedsPerson = true,
    };

    private static HumanTaskStimulus Confirmation(HumanTaskStimulus asked, HumanTaskCompletion first) => asked with
    {
        TaskName = $"confirm-{asked.TaskName}",
        Title = $"Confirm: {asked.Title}",
        Instructions = $"{first.CompletedBy} says: {first.Outcome}{(string.IsNullOrWhiteSpace(first.Comment) ? "" : $", {first.Comment}")}. Look at it yourself, then confirm or send it back.\n\n{asked.Instructions}",
        Fields = [ReasonFor(HumanTasks.SendBackOutcome, "What is still to be done.")],
        Outcomes = [HumanTasks.ConfirmOutcome, HumanTasks.SendBackOutcome],
        Role = HumanTasks.ApproverRole,
        Kind = HumanTasks.ConfirmationKind,
        NeedsPerson = true,
        NotBy = [HumanTaskPerson.Of(first)],
    };

    private static HumanTaskField ReasonFor(string outcome, string description) => new()
    {
        Name = HumanTasks.ReasonField,
        Label = "Reason",
        Type = HumanTaskFieldTypes.Multiline,
        RequiredFor = [outcome],
        Description = description,
    };
}
