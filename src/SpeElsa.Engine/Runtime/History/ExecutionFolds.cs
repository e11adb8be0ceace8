using SpeElsa.Engine.Expressions;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime.History;

/// <summary>
/// Folds of the instances that were looked at last. Rows are only ever appended, so each is read once for all looks: a look reads those that have come
/// since the one before.
/// </summary>
internal sealed class ExecutionFolds(IInstanceReader reader)
{
    private const int KeptInstances = 64;
    private const int LargestKept = 20_000;
    private const int RowsPerRead = 5000;

    private readonly BoundedCache<string, Slot> _slots = new(KeptInstances);

    /// <summary>Looks at an instance as it stands now. What the look returns must not hold on to the fold's records.</summary>
    public async Task<T> LookAsync<T>(string instanceId, Func<ExecutionFold, T> look, CancellationToken cancellationToken)
    {
        var slot = _slots.GetOrAdd(instanceId, _ => new Slot());
        await slot.Gate.WaitAsync(cancellationToken);
        try
        {
            slot.Fold = await CatchUpAsync(instanceId, slot.Fold, cancellationToken);
            if (slot.Fold.Count is 0 or > LargestKept)
            {
                _slots.Remove(instanceId);
            }

            return look(slot.Fold);
        }
        catch
        {
            // It may have stopped in the middle of the rows.
            _slots.Remove(instanceId);
            throw;
        }
        finally
        {
            slot.Gate.Release();
        }
    }

    private async Task<ExecutionFold> CatchUpAsync(string instanceId, ExecutionFold fold, CancellationToken cancellationToken)
    {
        if (fold.LastSequence > 0)
        {
            // The last row is read again: where it is another one, the instance was deleted and its id used anew.
            var rows = await reader.ReadJournalAsync(instanceId, fold.LastSequence - 1, RowsPerRead, cancellationToken);
            if (rows is [var last, ..] && last.Hash == fold.LastHash)
            {
                return await TakeAsync(instanceId, fold, rows.Skip(1), rows.Count, cancellationToken);
            }

            fold = new ExecutionFold();
        }

        var first = await reader.ReadJournalAsync(instanceId, 0, RowsPerRead, cancellationToken);
        return await TakeAsync(instanceId, fold, first, first.Count, cancellationToken);
    }

    private async Task<ExecutionFold> TakeAsync(string instanceId, ExecutionFold fold, IEnumerable<JournalRecord> rows, int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            foreach (var row in rows)
            {
                fold.Take(row);
            }

            if (count < RowsPerRead)
            {
                return fold;
            }

            var more = await reader.ReadJournalAsync(instanceId, fold.LastSequence, RowsPerRead, cancellationToken);
            (rows, count) = (more, more.Count);
        }
    }

    private sealed class Slot
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public ExecutionFold Fold { get; set; } = new();
    }
}
