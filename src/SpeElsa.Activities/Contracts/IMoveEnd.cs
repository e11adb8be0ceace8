namespace SpeElsa.Activities;

/// <summary>
/// Knows which moves are about to be ended. Optional: with it a move that is ended or undone stops before its next step begins; without it, where it would
/// have waited next. Only a hint, so it may forget.
/// </summary>
public interface IMoveEnd
{
    /// <summary>Whether somebody has ordered the end of a move. Called at the beginning of every step; it neither waits nor asks a store.</summary>
    /// <param name="moveId">The workflow instance that is the move.</param>
    bool IsOrdered(string moveId);
}
