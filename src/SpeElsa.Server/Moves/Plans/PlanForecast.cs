using System.Collections.Concurrent;
using System.Text.Json;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using SpeElsa.Activities;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Server.Moves.Rehearsals;
using SpeElsa.Server.Moves.Windows;

namespace SpeElsa.Server.Moves.Plans;

/// <summary>Tells what the move of a plan would do and how long that took in moves that have finished.</summary>
internal sealed class PlanForecast(DefinitionCatalog catalog, IActivityRegistry registry, IInstanceReader reader, MoveReader journals)
{
    /// <summary>Enough for a median, and little to read.</summary>
    private const int MostRuns = 20;

    /// <summary>Rehearsals are among them.</summary>
    private const int MostLooked = 200;

    private readonly ConcurrentDictionary<string, (string Newest, IReadOnlyList<MeasuredMove> Runs)> _measured = new(StringComparer.Ordinal);

    /// <summary>What is left of a move that runs, as finished moves of its procedure suggest: every step that is always done and has not been yet.</summary>
    /// <returns>Null when none has finished.</returns>
    public async Task<Remaining?> RemainingAsync(WorkflowGraph graph, MoveView move, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var runs = await MeasureAsync(move.Scenario, cancellationToken);
        if (runs.Count == 0)
        {
            return null;
        }

        var bytes = BytesIn(await journals.ReadJournalAsync(move.Id, cancellationToken));
        var seen = move.Steps.ToLookup(step => step.ActivityId, StringComparer.Ordinal);
        var (time, downtime) = (TimeSpan.Zero, TimeSpan.Zero);
        foreach (var step in MovePreview.Of(graph, registry, move.Plan.ToDictionary(pair => pair.Key, pair => pair.Value?.ToString())).Where(step => step.OnlyIf is null))
        {
            var last = seen[step.ActivityId].LastOrDefault();
            if (last?.CompletedAt is not null || Minutes(step, runs, bytes) is not { } minutes)
            {
                continue;
            }

            var left = TimeSpan.FromMinutes(minutes) - (last is null ? TimeSpan.Zero : now - last.StartedAt);
            left = left > TimeSpan.Zero ? left : TimeSpan.Zero;
            time += left;
            downtime += step.IsDowntime ? left : TimeSpan.Zero;
        }

        return new Remaining(time, downtime);
    }

    public async Task<PlanPreview> PreviewAsync(PlanRow row, DefinitionRecord definition, CancellationToken cancellationToken)
    {
        var graph = await catalog.GetAsync(definition.Id, definition.ContentHash, cancellationToken);
        var plan = PlanRuns.InputsOf(row).ToDictionary(pair => pair.Key, pair => pair.Value.ValueKind is JsonValueKind.Null ? null : pair.Value.ToString());
        var bytes = row.CheckId is { } check ? BytesIn(await journals.ReadJournalAsync(check, cancellationToken)) : null;
        var runs = await MeasureAsync(definition.DefinitionId, cancellationToken);
        var steps = MovePreview.Of(graph, registry, plan)
            .Select((step, index) => new PlanPreviewStep(
                index + 1, step.ActivityId, step.Name, step.Kind, step.What, step.Machines, step.OnlyIf, step.IsRepeated, step.IsDowntime, step.TakesAllData ? bytes : null, Minutes(step, runs, bytes)))
            .ToArray();
        var always = steps.Where(step => step.OnlyIf is null).ToArray();
        return new PlanPreview
        {
            Scenario = definition.DefinitionId,
            DefinitionVersion = definition.Version,
            Bytes = bytes,
            MeasuredMoves = runs.Count,
            Minutes = Sum(always, runs),
            DowntimeMinutes = Sum([.. always.Where(step => step.Downtime)], runs),
            NotMeasured = [.. always.Where(step => step.Minutes is null).Select(step => step.Name)],
            Steps = steps,
        };
    }

    private static double? Sum(IReadOnlyCollection<PlanPreviewStep> steps, IReadOnlyCollection<MeasuredMove> runs) => runs.Count == 0 ? null : Math.Round(steps.Sum(step => step.Minutes ?? 0), 2);

    private static double? Minutes(PreviewStep step, IReadOnlyList<MeasuredMove> runs, long? bytes)
    {
        double[] measured =
        [
            .. runs.Where(run => run.Minutes.ContainsKey(step.ActivityId))
                .Select(run => run.Minutes[step.ActivityId] * (step.TakesAllData && bytes is { } now && run.Bytes is > 0 and { } then ? (double)now / then : 1))
                .Order(),
        ];
        return measured.Length == 0 ? null : Math.Round(measured[measured.Length / 2], 2);
    }

    private async Task<IReadOnlyList<MeasuredMove>> MeasureAsync(string definitionId, CancellationToken cancellationToken)
    {
        var filter = new InstanceFilter { DefinitionIds = [definitionId], SubStatuses = [WorkflowSubStatus.Finished] };
        var (found, _) = await reader.ListAsync(filter, InstanceOrder.NewestFirst, 0, MostLooked, cancellationToken);

        // How long a rehearsal takes says nothing about real machines.
        var instances = found.Where(instance => RehearsalId.PlanOf(instance.Id) is null).Take(MostRuns).ToArray();

        // A journal that has ended does not change, and reading twenty of them at each look would be dear.
        var newest = instances.Length == 0 ? "" : instances[0].Id;
        if (_measured.TryGetValue(definitionId, out var known) && known.Newest == newest && known.Runs.Count == instances.Length)
        {
            return known.Runs;
        }

        var runs = new List<MeasuredMove>();
        foreach (var instance in instances)
        {
            var journal = await journals.ReadJournalAsync(instance.Id, cancellationToken);
            var minutes = MoveReader.Steps(journal, null, null)
                .Where(step => step is { Status: "done", CompletedAt: not null })
                .GroupBy(step => step.ActivityId, StringComparer.Ordinal)
                .ToDictionary(executions => executions.Key, executions => executions.Average(step => (step.CompletedAt!.Value - step.StartedAt).TotalMinutes), StringComparer.Ordinal);
            runs.Add(new MeasuredMove(minutes, BytesIn(journal)));
        }

        _measured[definitionId] = (newest, runs);
        return runs;
    }

    private static long? BytesIn(IEnumerable<JournalRecord> journal) =>
        journal.LastOrDefault(entry => entry is { ActivityType: "SpeElsa.CheckTarget", EventName: "Observed" })?.Payload is { } payload
        && JsonSerializer.Deserialize<JsonElement>(payload).TryGetProperty("bytes", out var bytes)
            ? bytes.GetInt64()
            : null;

    /// <summary>A move that has finished.</summary>
    /// <param name="Minutes">How long each step took; the average where it was done several times.</param>
    /// <param name="Bytes">The data that moved.</param>
    private sealed record MeasuredMove(IReadOnlyDictionary<string, double> Minutes, long? Bytes);
}
