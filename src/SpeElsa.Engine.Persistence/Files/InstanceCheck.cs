using System.Globalization;
using Elsa.Workflows;
using Elsa.Workflows.State;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Persistence;

/// <summary>Whether each instance is as the engine left it: its journal is whole, its state can be read, and what it waits for is there to be found.</summary>
internal static class InstanceCheck
{
    public static async Task RunAsync(EngineDbContext context, List<string> problems, CancellationToken cancellationToken)
    {
        foreach (var id in await context.Instances.OrderBy(row => row.Id).Select(row => row.Id).ToListAsync(cancellationToken))
        {
            var row = await context.Instances.AsNoTracking().SingleAsync(instance => instance.Id == id, cancellationToken);
            await CheckJournalAsync(context, row, problems, cancellationToken);
            if (row.Status is WorkflowStatus.Running)
            {
                await CheckVersionAsync(context, row, problems, cancellationToken);
                await CheckWaitsAsync(context, row, problems, cancellationToken);
            }
        }

        problems.AddRange((await context.Timers.Where(timer => !context.Bookmarks.Any(bookmark => bookmark.Id == timer.BookmarkId)).Select(timer => timer.BookmarkId).ToListAsync(cancellationToken))
            .Select(id => $"The timer of the wait {id} has no wait"));
        problems.AddRange((await context.Bookmarks.Where(bookmark => !context.Instances.Any(instance => instance.Id == bookmark.InstanceId)).Select(bookmark => bookmark.Id).ToListAsync(cancellationToken))
            .Select(id => $"The wait {id} has no instance"));
    }

    private static async Task CheckJournalAsync(EngineDbContext context, InstanceRow row, List<string> problems, CancellationToken cancellationToken)
    {
        var pages = await context.JournalPages.AsNoTracking().Where(page => page.InstanceId == row.Id).OrderBy(page => page.FirstSequence).ToListAsync(cancellationToken);
        try
        {
            if (JournalChain.FindBreak(JournalPages.Decode(pages, ""), row.ToRecord()) is { } broken)
            {
                var page = pages.LastOrDefault(page => page.FirstSequence <= broken);
                var from = page is null || page.FirstSequence + page.Count <= broken ? broken : page.FirstSequence;
                problems.Add(
                    $"The journal of instance {row.Id} breaks at row {from}{(from == broken ? "" : string.Create(CultureInfo.InvariantCulture, $" to {broken}"))}: it was changed, or rows are missing");
            }
        }
        catch (InvalidDataException exception)
        {
            problems.Add(exception.Message);
        }
    }

    private static async Task CheckVersionAsync(EngineDbContext context, InstanceRow row, List<string> problems, CancellationToken cancellationToken)
    {
        if (!await context.Definitions.AnyAsync(version => version.Id == row.DefinitionVersionId && version.ContentHash == row.DefinitionHash, cancellationToken))
        {
            problems.Add($"Instance {row.Id} is bound to version {row.DefinitionVersion} of '{row.DefinitionId}', which is not there as it was");
        }
    }

    private static async Task CheckWaitsAsync(EngineDbContext context, InstanceRow row, List<string> problems, CancellationToken cancellationToken)
    {
        var bytes = await context.States.Where(state => state.InstanceId == row.Id).Select(state => state.State).FirstOrDefaultAsync(cancellationToken);
        var waits = await context.Bookmarks.AsNoTracking().Where(bookmark => bookmark.InstanceId == row.Id).ToListAsync(cancellationToken);
        if (bytes is null)
        {
            if (row.StateVersion > 0)
            {
                problems.Add($"The state of instance {row.Id} is missing");
            }

            return;
        }

        if (TryDecode(bytes, row.Id, problems) is { } state)
        {
            CompareWaits(row, state, waits, problems);
        }
    }

    private static void CompareWaits(InstanceRow row, WorkflowState state, List<BookmarkRecord> waits, List<string> problems)
    {
        var inState = state.Bookmarks.Select(bookmark => bookmark.Id).ToHashSet(StringComparer.Ordinal);
        problems.AddRange(inState.Except(waits.Select(bookmark => bookmark.Id), StringComparer.Ordinal).Select(id => $"Instance {row.Id} waits at {id}, which nobody can find"));
        problems.AddRange(waits.Where(bookmark => !inState.Contains(bookmark.Id)).Select(bookmark => $"Instance {row.Id} does not wait at {bookmark.Id} any more, but it can be found"));

        // What is made and not begun waits for its start; what is set aside waits for a person.
        if (inState.Count == 0 && row is { Ready: false, Owner: null, SetAside: null, SubStatus: WorkflowSubStatus.Suspended or WorkflowSubStatus.Executing })
        {
            problems.Add($"Instance {row.Id} has not ended, has nothing to do and waits for nothing");
        }
    }

    private static WorkflowState? TryDecode(byte[] bytes, string instanceId, List<string> problems)
    {
        try
        {
            return StateCodec.Decode(bytes);
        }
        catch (InvalidDataException exception)
        {
            problems.Add($"The state of instance {instanceId} can not be read: {exception.Message}");
            return null;
        }
    }
}
