using System.Text.Json;
using SpeElsa.Activities;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Server.Moves.Undo;

/// <summary>Tells what an undo would do, from the journal as it stands.</summary>
internal sealed class UndoPreviews(MoveHistoryReader histories, MoveUndo undo)
{
    /// <summary>What would bring the old server back now.</summary>
    public async Task<UndoPreview> ReadAsync(InstanceRecord move, CancellationToken cancellationToken)
    {
        var plan = await histories.PlanAsync(move, cancellationToken);
        var receipt = await undo.FindReceiptAsync(move.Id, cancellationToken);
        var why = receipt is not null ? $"{receipt.RequestedBy} has started the undo at {receipt.AcceptedAt:u}; it is the move {receipt.Id}." : WhyNot(move, plan)?.Detail;
        return new UndoPreview
        {
            MoveId = move.Id,
            CanStart = why is null,
            Why = why,
            UndoneBy = receipt?.Id,
            Source = plan.Move.Source,
            Target = plan.Move.Target,
            Warnings = plan.Warnings,
            Steps = [.. plan.Steps.Select((step, index) => new UndoStepView(
                index + 1, step.Title, step.Machine, step.Type, step.IsByPerson, step.Instructions, step.Otherwise?.Title))],
            Undoes = [.. plan.Undone.Select(step => new UndoneStepView(
                step.ActivityId, step.Name, JsonNamingPolicy.CamelCase.ConvertName(step.Kind.ToString()), step.Why.Length > 0 ? step.Why : null, step.By))],
        };
    }

    /// <summary>Why a move is not undone, in words; null when it can be.</summary>
    public static (string Title, string Detail)? WhyNot(InstanceRecord move, UndoPlan plan) =>
        UndoWorkflow.MoveOf(move.DefinitionId) is { } undone ? ("An undo is not undone", $"This is the undo of {undone}. To go forward again, start a new move.")
        : move.ParentInstanceId is { } parent ? ("It is part of another move", $"It was started by {parent}: undo that, it takes this one with it.")
        : move.SetAside is { } aside ? ("The move is set aside", $"It can not be ended as it is: {aside} Put it back into the run first.")
        : plan.Refusal is { } refusal ? ("The move has been signed off", refusal)
        : plan.Steps.Count == 0 ? ("There is nothing to undo", $"The move has changed nothing that has to be put back. Cancel it, and it ends as it stands.")
        : null;
}
