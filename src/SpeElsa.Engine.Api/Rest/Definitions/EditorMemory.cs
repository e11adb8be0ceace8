namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>Who saved a revision.</summary>
/// <param name="Before">The revision it took the place of; null where there was none.</param>
/// <param name="Editor">The editor.</param>
/// <param name="Who">The person's name, where it is known.</param>
/// <param name="At">When.</param>
internal sealed record SavedRevision((string VersionId, int Revision)? Before, string Editor, string? Who, DateTimeOffset At);

/// <summary>
/// Remembers who saved the last revisions. An editor that saves again before it has the answer to its last save is so told from another editor, and a
/// person who is refused is told by whom. Without a memory (after a restart, on another server) both are taken for another's: the safe side.
/// </summary>
internal sealed class EditorMemory
{
    private const int Capacity = 10_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<(string VersionId, int Revision), SavedRevision> _saved = [];
    private readonly Queue<(string VersionId, int Revision)> _order = new();

    public void Remember((string VersionId, int Revision) revision, SavedRevision saved)
    {
        lock (_lock)
        {
            if (!_saved.ContainsKey(revision))
            {
                _order.Enqueue(revision);
            }

            _saved[revision] = saved;
            while (_order.Count > Capacity)
            {
                _saved.Remove(_order.Dequeue());
            }
        }
    }

    public SavedRevision? Find((string VersionId, int Revision) revision)
    {
        lock (_lock)
        {
            return _saved.GetValueOrDefault(revision);
        }
    }

    /// <summary>Whether the editor that has loaded one revision has itself saved everything since, up to the other.</summary>
    public bool IsOwnWork(string editor, (string VersionId, int Revision) loaded, (string VersionId, int Revision) latest)
    {
        lock (_lock)
        {
            var steps = 0;
            for (var current = latest; current != loaded; steps++)
            {
                if (steps > Capacity || _saved.GetValueOrDefault(current) is not { Before: { } before } saved || saved.Editor != editor)
                {
                    return false;
                }

                current = before;
            }

            return true;
        }
    }
}
