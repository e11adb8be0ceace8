using System.Globalization;
using System.Text.Json;
using Elsa.Workflows;
using SpeElsa.Activities;
using SpeElsa.Engine.Storage;
using SpeElsa.Server.Moves;
using SpeElsa.Server.Tasks;

namespace SpeElsa.Server.Evidence;

/// <summary>Makes the evidence of what is stored. Everything in it names the journal row it is taken from.</summary>
internal static class EvidenceBuilder
{
    public const string Format = "speelsa-evidence";
    public const int FormatVersion = 1;
    private const int LongestFileName = 60;
    private const string BaselineType = "SpeElsa.TakeBaseline";
    private static readonly string[] Answered = ["TaskCompleted", "Decided", "ApprovalAnswered", "ConfirmationAnswered"];

    /// <summary>The rows that ask somebody, by the kind of what they ask.</summary>
    private static readonly Dictionary<string, string> Asked = new(StringComparer.Ordinal)
    {
        ["TaskOpened"] = HumanTasks.TaskKind,
        ["DecisionRequested"] = HumanTasks.DecisionKind,
        ["ApprovalRequested"] = HumanTasks.ApprovalKind,
        ["ConfirmationRequested"] = HumanTasks.ConfirmationKind,
    };

    public static EvidenceDocument Build(EvidenceSource source)
    {
        var steps = source.Runs.ToDictionary(run => run.Instance.Id, run => MoveReader.Steps(run.Journal, null, run.Graph), StringComparer.Ordinal);
        var observations = source.Runs.SelectMany(run => Observations(run, steps[run.Instance.Id])).ToList();
        return new EvidenceDocument(
            Format,
            FormatVersion,
            Move(source.Runs),
            [.. source.Runs.Select(run => Instance(run, steps[run.Instance.Id]))],
            [.. source.Runs.SelectMany(run => Tasks(run, steps[run.Instance.Id]))],
            new EvidenceStatistics(
                [.. observations.Where(seen => seen.Type == BaselineType && Has(seen.Item.Facts, "instances")).Select(seen => seen.Item)],
                [.. observations.Where(seen => seen.Type != BaselineType && Has(seen.Item.Facts, "instances")).Select(seen => seen.Item)]),
            [.. observations.Where(seen => Holds(seen.Item.Facts, "digest")).Select(seen => seen.Item)],
            [.. observations.Where(seen => Holds(seen.Item.Facts, "thumbprint") || Has(seen.Item.Facts, "certificates")).Select(seen => seen.Item)],
            Definitions(source.Versions));
    }

    private static EvidenceMove Move(IReadOnlyList<EvidenceRun> runs)
    {
        var (instance, state, _, _) = runs[0];

        // The services of a move may be stopped and started by workflows that it started.
        var journal = runs.SelectMany(run => run.Journal).OrderBy(row => row.Timestamp).ToList();
        var downtime = MoveReader.Downtime(journal, instance.FinishedAt ?? instance.UpdatedAt);
        return new EvidenceMove(
            instance.Id,
            instance.DefinitionId,
            instance.Name ?? instance.Id,
            MoveReader.StatusOf(instance, state),
            instance.Status is WorkflowStatus.Finished,
            state?.Input is null ? new Dictionary<string, object?>() : new SortedDictionary<string, object?>(state.Input, StringComparer.Ordinal),
            instance.CreatedAt,
            instance.UpdatedAt,
            instance.FinishedAt,
            downtime.StartedAt is { } started ? new EvidenceDowntime(started, downtime.EndedAt, downtime.SoFar.TotalSeconds) : null);
    }

    private static EvidenceInstance Instance(EvidenceRun run, List<StepView> steps) => new(
        run.Instance.Id,
        run.Instance.ParentInstanceId,
        run.Instance.Name ?? run.Instance.Id,
        MoveReader.StatusOf(run.Instance, run.State),
        run.Instance.DefinitionId,
        run.Instance.DefinitionVersion,
        run.Instance.DefinitionHash,
        run.Instance.CreatedAt,
        run.Instance.FinishedAt,
        new EvidenceJournal(run.Instance.JournalSequence, run.Instance.JournalHash),
        [.. run.State?.Incidents.Select(incident => $"{incident.ActivityId}: {incident.Message}") ?? [], .. run.Instance.SetAside is { } why ? [$"Set aside: {why}"] : Array.Empty<string>()],
        [
            .. steps.Select(step => new EvidenceStep(
                step.Id, step.ActivityId, step.Name, step.Type, step.Status, step.StartedAt, step.CompletedAt, step.Attempts, step.Outcomes, step.Evidence)),
        ]);

    private static IEnumerable<EvidenceTask> Tasks(EvidenceRun run, List<StepView> steps)
    {
        foreach (var row in run.Journal.Where(row => Asked.ContainsKey(row.EventName)))
        {
            // An answer that could not be used is followed by the same question again, under the next id.
            var later = run.Journal.Where(other => other.Sequence > row.Sequence && other.ActivityInstanceId == row.ActivityInstanceId);
            var answer = later.FirstOrDefault(other => Asked.ContainsKey(other.EventName) || Answered.Contains(other.EventName, StringComparer.Ordinal));
            if (answer is not null && Asked.ContainsKey(answer.EventName))
            {
                answer = null;
            }

            var kind = Asked[row.EventName];
            var inputs = kind == HumanTasks.DecisionKind ? null : Inputs(run.Journal, row.ActivityInstanceId);
            var facts = MoveReader.Facts(answer?.Payload);
            var name = steps.First(step => step.Id == row.ActivityInstanceId).Name;
            var id = Text(MoveReader.Facts(row.Payload), "taskId") ?? row.ActivityInstanceId;
            yield return new EvidenceTask(
                id,
                run.Instance.Id,
                row.ActivityInstanceId,
                kind,
                Title(kind, Text(inputs, "Title") ?? name),
                Text(inputs, "Instructions"),
                row.Message,
                row.Sequence,
                row.Timestamp,
                answer?.Sequence,
                answer?.Timestamp,
                Text(facts, "completedBy"),
                Text(facts, "outcome"),
                Text(facts, "comment"),
                facts is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty("fields", out var fields) ? fields : null,
                answer is not null && kind == HumanTasks.TaskKind ? TaskProofs.Find(id, run.Journal) : null);
        }
    }

    private static string Title(string kind, string title) => kind switch
    {
        HumanTasks.DecisionKind => $"Decide: {title}",
        HumanTasks.ApprovalKind => $"Approve: {title}",
        HumanTasks.ConfirmationKind => $"Confirm: {title}",
        _ => title,
    };

    private static JsonElement? Inputs(IReadOnlyList<JournalRecord> journal, string executionId) =>
        MoveReader.Facts(journal.FirstOrDefault(row => row.ActivityInstanceId == executionId && row.EventName == "Started")?.Payload) is { ValueKind: JsonValueKind.Object } facts
        && facts.TryGetProperty("Inputs", out var inputs)
            ? inputs
            : null;

    /// <summary>What each execution of a step saw last, where it came to its end.</summary>
    private static IEnumerable<(string Type, EvidenceItem Item)> Observations(EvidenceRun run, List<StepView> steps) =>
        from step in steps
        let last = step.Evidence.LastOrDefault(seen => seen.What == "Observed")
        where last is { Facts.ValueKind: JsonValueKind.Object } && last.Message?.StartsWith("Done", StringComparison.Ordinal) == true
        select (step.Type, new EvidenceItem(run.Instance.Id, last.Sequence, step.ActivityId, step.Name, last.At, last.Facts!.Value));

    private static List<EvidenceDefinition> Definitions(IReadOnlyList<EvidenceVersion> versions)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. versions.Select(version =>
            {
                var file = version.Stored is null ? null : $"definitions/{FileName(version, taken)}";
                return new EvidenceDefinition(
                    version.DefinitionId, version.Version, version.Stored?.Name, version.ContentHash, file is null ? null : $"{file}.json", file is null ? null : $"{file}.content.json");
            }),
        ];
    }

    /// <summary>Ids may hold anything; names of files hold what every system takes.</summary>
    private static string FileName(EvidenceVersion version, HashSet<string> taken)
    {
        var letters = version.DefinitionId.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '-').Take(LongestFileName);
        var name = string.Create(CultureInfo.InvariantCulture, $"{string.Concat(letters)}.v{version.Version}");
        var unique = name;
        for (var number = 2; !taken.Add(unique); number++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{name}-{number}");
        }

        return unique;
    }

    private static string? Text(JsonElement? value, string name) =>
        value is { ValueKind: JsonValueKind.Object } facts && facts.TryGetProperty(name, out var text) && text.ValueKind is JsonValueKind.String ? text.GetString() : null;

    private static bool Has(JsonElement facts, string name) => facts.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Array;

    private static bool Holds(JsonElement facts, string name) => facts.ValueKind switch
    {
        JsonValueKind.Object => facts.EnumerateObject().Any(property => property.NameEquals(name) || Holds(property.Value, name)),
        JsonValueKind.Array => facts.EnumerateArray().Any(item => Holds(item, name)),
        _ => false,
    };
}
