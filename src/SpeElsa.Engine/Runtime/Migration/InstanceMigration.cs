using Elsa.Workflows;
using Elsa.Workflows.Models;
using Elsa.Workflows.State;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime.Migration;

/// <summary>Something that keeps an instance from another version, or that whoever moves it should know.</summary>
/// <param name="IsBlocking">Whether it keeps it.</param>
/// <param name="ActivityId">The activity it is about, or null.</param>
/// <param name="Message">What it is and what to do about it.</param>
public sealed record MigrationFinding(bool IsBlocking, string? ActivityId, string Message);

/// <summary>Where one thing of the instance stands now, and where it would stand.</summary>
/// <param name="What">"runs", "waits", "is scheduled" or "has faulted".</param>
/// <param name="FromNodeId">The node now.</param>
/// <param name="ToNodeId">The node in the new version; null: nowhere.</param>
public sealed record MigrationStep(string What, string FromNodeId, string? ToNodeId);

/// <summary>What a migration would do.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="FromVersion">Its version.</param>
/// <param name="ToVersion">The version it would be bound to.</param>
/// <param name="Steps">Everything that runs, waits or is scheduled.</param>
/// <param name="Findings">What is in the way, and what to know.</param>
public sealed record MigrationPreview(
    InstanceRecord Instance, int FromVersion, int ToVersion, IReadOnlyList<MigrationStep> Steps, IReadOnlyList<MigrationFinding> Findings)
{
    /// <summary>Whether it can be done.</summary>
    public bool IsPossible => Findings.All(finding => !finding.IsBlocking);
}

/// <summary>
/// Binds a running instance to another version of its definition. What has ended is never run again; what runs or waits goes on at the activity of the
/// same id, or at the one that is named instead. The whole change is one commit of the instance's owner, and a row of its journal.
/// </summary>
public sealed class InstanceMigration(IInstanceReader reader, IDefinitionStore definitions, DefinitionCatalog catalog, StimulusInbox inbox, TimeProvider timeProvider)
{
    /// <summary>Says what a migration would do. Changes nothing.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="targetVersionId">A version of the same definition.</param>
    /// <param name="activities">Old activity ids to new ones, where they differ.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="InvalidOperationException">There is no such instance or version, the instance has ended, or the version is of another definition.</exception>
    public async Task<MigrationPreview> PreviewAsync(
        string instanceId, string targetVersionId, IReadOnlyDictionary<string, string> activities, CancellationToken cancellationToken)
    {
        var instance = await reader.FindAsync(instanceId, cancellationToken) ?? throw new InvalidOperationException($"There is no instance '{instanceId}'.");
        if (instance is { Status: WorkflowStatus.Finished, SubStatus: not WorkflowSubStatus.Faulted })
        {
            throw new InvalidOperationException($"The instance '{instanceId}' has ended; there is nothing left to move.");
        }

        var target = await FindAsync(instance, targetVersionId, cancellationToken);
        var state = await reader.ReadStateAsync(instanceId, cancellationToken) is { } bytes ? StateCodec.Decode(bytes) : new WorkflowState();
        var from = await catalog.GetAsync(instance.DefinitionVersionId, instance.DefinitionHash, cancellationToken);
        var map = new MigrationMap(from, await catalog.GetAsync(target.Id, target.ContentHash, cancellationToken), activities);
        var steps = Steps(state, map);
        new StateMigration(map).Apply(state, new WorkflowIdentity(target.DefinitionId, target.Version, target.Id));
        return new MigrationPreview(instance, instance.DefinitionVersion, target.Version, steps, [.. map.Findings]);
    }

    /// <summary>Stores the order to migrate; the instance's next owner carries it out. An order that has become impossible meanwhile changes nothing and is journaled.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="targetVersionId">A version of the same definition.</param>
    /// <param name="activities">Old activity ids to new ones, where they differ.</param>
    /// <param name="key">Unique for ever; the same key migrates once.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="InvalidOperationException">It is not possible; the message lists what is in the way.</exception>
    public async Task<AcceptResult> MigrateAsync(
        string instanceId, string targetVersionId, IReadOnlyDictionary<string, string> activities, string key, CancellationToken cancellationToken)
    {
        var preview = await PreviewAsync(instanceId, targetVersionId, activities, cancellationToken);
        if (!preview.IsPossible)
        {
            throw new InvalidOperationException(string.Join(" ", preview.Findings.Where(finding => finding.IsBlocking).Select(finding => finding.Message)));
        }

        return await inbox.SendAsync(
            new Stimulus
            {
                Key = key,
                Kind = StimulusKind.Migrate,
                InstanceId = instanceId,
                Input = EngineJson.Write(new MigrationOrder(targetVersionId, new Dictionary<string, string>(activities))),
                ReceivedAt = timeProvider.GetUtcNow(),
            },
            cancellationToken);
    }

    private async Task<DefinitionRecord> FindAsync(InstanceRecord instance, string targetVersionId, CancellationToken cancellationToken)
    {
        var target = await definitions.FindAsync(targetVersionId, cancellationToken) ?? throw new InvalidOperationException($"There is no version '{targetVersionId}'.");
        return target.DefinitionId == instance.DefinitionId
            ? target
            : throw new InvalidOperationException($"The version '{targetVersionId}' is one of '{target.DefinitionId}', but the instance runs '{instance.DefinitionId}'.");
    }

    private static List<MigrationStep> Steps(WorkflowState state, MigrationMap map) =>
    [
        .. state.ActivityExecutionContexts.Select(context => new MigrationStep(
            context.Status is ActivityStatus.Faulted ? "has faulted" : state.Bookmarks.Any(bookmark => bookmark.ActivityInstanceId == context.Id) ? "waits" : "runs",
            context.ScheduledActivityNodeId,
            map.NodeOf(context.ScheduledActivityNodeId)?.NodeId)),
        .. state.ScheduledActivities.Where(item => item.ExistingActivityExecutionContextId is null)
            .Select(item => new MigrationStep("is scheduled", item.ActivityNodeId, map.NodeOf(item.ActivityNodeId)?.NodeId)),
    ];
}

/// <summary>An order to migrate as it is stored in the inbox.</summary>
internal sealed record MigrationOrder(string TargetVersionId, Dictionary<string, string> Activities);
