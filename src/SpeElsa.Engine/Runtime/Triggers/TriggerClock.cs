using System.Globalization;
using Elsa.Scheduling.Bookmarks;
using Microsoft.Extensions.Logging;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime.Triggers;

/// <summary>Starts workflows whose time has come. Whoever does it, each due time starts one instance: its id follows from trigger and time.</summary>
internal sealed class TriggerClock(IRuntimeStore store, StimulusInbox inbox, TimeProvider timeProvider, ILogger<TriggerClock> logger)
{
    private const int TriggersPerLook = 100;
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);
    private readonly Dictionary<string, Pause> _pauses = new(StringComparer.Ordinal);

    /// <summary>Starts what is due. A trigger that can not start its workflow holds up no other one.</summary>
    public async Task FireAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var trigger in await store.FindDueTriggersAsync(now, TriggersPerLook + _pauses.Count, cancellationToken))
        {
            if (_pauses.TryGetValue(trigger.Id, out var pause) && !pause.IsOver(timeProvider))
            {
                continue;
            }

            try
            {
                await FireAsync(trigger, now, cancellationToken);
                _pauses.Remove(trigger.Id);
            }
#pragma warning disable CA1031 // The edge of the loop: whatever is wrong with one trigger, the others and all that waits for a worker go on.
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && !StoreFailure.IsOne(exception))
#pragma warning restore CA1031
            {
                _pauses[trigger.Id] = new Pause(timeProvider.GetTimestamp(), Rest, 1);
                logger.TriggerFailed(exception, trigger.Id, trigger.DefinitionId, Rest);
            }
        }
    }

    private async Task FireAsync(TriggerRecord trigger, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var due = trigger.DueAt!.Value;
        var key = string.Create(CultureInfo.InvariantCulture, $"trigger:{trigger.Id}:{due.UtcTicks}");
        var start = await inbox.PrepareAsync(
            new StartRequest
            {
                Key = key,
                InstanceId = DerivedId.Of(key, 0),
                DefinitionId = trigger.DefinitionId,
                DefinitionVersionId = trigger.DefinitionVersionId,
                TriggerActivityId = trigger.ActivityId,
                Input = new Dictionary<string, object?> { [TimerStimulus.LatenessKey] = (long)Math.Max(0, (now - due).TotalMilliseconds) },
            },
            cancellationToken);
        await store.FireTriggerAsync(trigger.Id, due, NextOf(trigger, due, now), start.Stimulus, start.Instance, start.Limit, cancellationToken);
        inbox.Announce(null);
    }

    private static DateTimeOffset? NextOf(TriggerRecord trigger, DateTimeOffset due, DateTimeOffset now)
    {
        IRecurringStimulus? recurring = trigger.Name switch
        {
            TimerTriggerPayload.Name => EngineJson.Read<TimerTriggerPayload>(trigger.Payload ?? "{}"),
            CronTriggerPayload.Name => EngineJson.Read<CronTriggerPayload>(trigger.Payload ?? "{}"),
            _ => null,
        };
        return recurring?.NextAfter(due, now);
    }
}
