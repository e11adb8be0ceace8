using System.Text.Json.Serialization;

namespace SpeElsa.Activities;

/// <summary>Somebody wants a move to be undone from where it stands.</summary>
/// <param name="RequestedBy">Who.</param>
/// <param name="Reason">Why.</param>
public sealed record UndoRequest(
    [property: JsonPropertyName("requestedBy")] string RequestedBy,
    [property: JsonPropertyName("reason")] string Reason)
{
    /// <summary>
    /// The name of the bookmark by which a step says that a person has decided for the undo. The step waits and does nothing more; the host ends the
    /// move and starts the undo.
    /// </summary>
    public const string BookmarkName = "SpeElsa.UndoRequest";

    /// <summary>Reads what a bookmark or a signal carries.</summary>
    /// <param name="payload">The payload, in whatever form it was loaded.</param>
    /// <returns>The request; null when there is none.</returns>
    public static UndoRequest? Read(object? payload) => Wire.Read<UndoRequest>(payload);
}
