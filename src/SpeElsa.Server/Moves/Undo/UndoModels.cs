using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using SpeElsa.Server.Access;

namespace SpeElsa.Server.Moves.Undo;

/// <summary>Ends a move and brings the old server back.</summary>
/// <param name="RequestedBy">Who wants it.</param>
/// <param name="Reason">Why.</param>
public sealed record UndoMoveRequest(
    [property: Description("Who wants it"), MaxLength(RequestTexts.LongestName)] string? RequestedBy,
    [property: Description("Why")] string? Reason);

/// <summary>The undo of a move has been started. There is one; whoever asks again gets the same answer.</summary>
/// <param name="Id">The undo; it is shown like a move.</param>
/// <param name="MoveId">What it undoes.</param>
/// <param name="RequestedBy">Who wanted it.</param>
/// <param name="Reason">Why.</param>
/// <param name="AcceptedAt">When it was stored.</param>
public sealed record UndoReceipt(string Id, string MoveId, string RequestedBy, string Reason, DateTimeOffset AcceptedAt);

/// <summary>What an undo would do now.</summary>
public sealed record UndoPreview
{
    /// <summary>The move.</summary>
    public required string MoveId { get; init; }

    /// <summary>Whether it can be started.</summary>
    public required bool CanStart { get; init; }

    /// <summary>Why it can not; null when it can.</summary>
    public string? Why { get; init; }

    /// <summary>The undo that was started already.</summary>
    public string? UndoneBy { get; init; }

    /// <summary>The server that will serve again.</summary>
    public required string Source { get; init; }

    /// <summary>The server that goes out of service.</summary>
    public required string Target { get; init; }

    /// <summary>What whoever starts it has to know.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>What it will do, in order.</summary>
    public required IReadOnlyList<UndoStepView> Steps { get; init; }

    /// <summary>What becomes of each step of the move, the last one first.</summary>
    public required IReadOnlyList<UndoneStepView> Undoes { get; init; }
}

/// <summary>One step of an undo.</summary>
/// <param name="Number">Its place, from 1.</param>
/// <param name="Title">What it will do, in words.</param>
/// <param name="Machine">On which machine; null where that means nothing.</param>
/// <param name="Type">The activity.</param>
/// <param name="ByPerson">Whether a person does it. A check that finds something asks a person too; see <paramref name="Otherwise"/>.</param>
/// <param name="Instructions">For a person: how.</param>
/// <param name="Otherwise">For a check: what a person is asked if it does not find what it should.</param>
public sealed record UndoStepView(int Number, string Title, string? Machine, string Type, bool ByPerson, string? Instructions, string? Otherwise);

/// <summary>What becomes of one step of the move.</summary>
/// <param name="ActivityId">The step in its definition.</param>
/// <param name="Name">Its name.</param>
/// <param name="Undo">steps: those in <paramref name="By"/>. nothing: there is nothing to undo. stays: what it did stays.</param>
/// <param name="Why">Why nothing undoes it; null where steps do.</param>
/// <param name="By">The titles of the steps that undo it.</param>
public sealed record UndoneStepView(string ActivityId, string Name, string Undo, string? Why, IReadOnlyList<string> By);
