using System.Collections.Concurrent;
using Elsa.Workflows;
using SpeElsa.Activities;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Server.Moves;

/// <summary>The moves of this process whose end is ordered and stored, until they have ended.</summary>
internal sealed class EndingMoves : IMoveEnd, ICommitObserver
{
    private readonly ConcurrentDictionary<string, bool> _moves = new(StringComparer.Ordinal);

    /// <summary>The order is stored.</summary>
    public void Add(string moveId) => _moves[moveId] = true;

    /// <inheritdoc />
    public bool IsOrdered(string moveId) => _moves.ContainsKey(moveId);

    /// <inheritdoc />
    public void Committed(InstanceRecord instance)
    {
        if (instance.Status is WorkflowStatus.Finished)
        {
            _moves.TryRemove(instance.Id, out _);
        }
    }
}
