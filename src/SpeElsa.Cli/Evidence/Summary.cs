using System.Text.Json;

namespace SpeElsa.Cli.Evidence;

/// <summary>evidence.json: whether it says what the journals say, all of it and nothing else.</summary>
internal sealed class Summary
{
    private const string StepPrefix = "SpeElsa.";
    private static readonly string[] Inner = ["Started", "Resumed", "Suspended", "Completed", "Canceled"];
    private static readonly string[] Answered = ["TaskCompleted", "Decided", "ApprovalAnswered", "ConfirmationAnswered"];

    /// <summary>The rows that say what a step found of an answer, and what that makes of it.</summary>
    private static readonly Dictionary<string, string> Proofs = new(StringComparer.Ordinal)
    {
        ["AnswerConfirmed"] = "confirmed",
        ["AnswerRefuted"] = "refuted",
        ["AnswerUnproven"] = "claimed",
    };

    private static readonly string[] Ended = ["Completed", "Canceled", "Faulted"];

    /// <summary>The rows that ask somebody, by the kind of what they ask.</summary>
    private static readonly Dictionary<string, string> Asked = new(StringComparer.Ordinal)
    {
        ["TaskOpened"] = "task",
        ["DecisionRequested"] = "decision",
        ["ApprovalRequested"] = "approval",
        ["ConfirmationRequested"] = "confirmation",
    };

    private readonly Journal _journal;
    private readonly List<string> _faults = [];

    private Summary(Journal journal) => _journal = journal;

    public static (string Says, IReadOnlyList<string> Faults) Check(JsonElement evidence, Manifest manifest, Journal journal)
    {
        var summary = new Summary(journal);
        var move = evidence.Value("move") ?? throw new BundleFaultException("'move' is missing.");
        var instances = evidence.List("instances");
        var tasks = evidence.List("tasks");
        summary.Expect(evidence.Text("format") == BundleVerifier.Format && evidence.Number("formatVersion") == BundleVerifier.FormatVersion, "evidence.json has another format than the manifest.");
        summary.Instances(move, instances, manifest);
        summary.Downtime(move, instances);
        foreach (var instance in instances)
        {
            summary.Steps(instance);
        }

        summary.Tasks(instances, tasks);
        var statistics = evidence.Value("statistics") ?? throw new BundleFaultException("'statistics' is missing.");
        foreach (var item in statistics.List("before").Concat(statistics.List("after")).Concat(evidence.List("manifests")).Concat(evidence.List("thumbprints")))
        {
            summary.Item(item);
        }

        var ended = move.Value("isFinished") is { ValueKind: JsonValueKind.True } ? "" : " The move had NOT ENDED when this was made.";
        return ($"evidence.json says what the journals say: {Facts.Count(instances.Sum(instance => instance.List("steps").Length), "step")}, {Facts.Count(tasks.Length, "question")} to people.{ended}", summary._faults);
    }

    private void Instances(JsonElement move, JsonElement[] instances, Manifest manifest)
    {
        var ids = instances.Select(instance => instance.Required("id")).ToArray();
        Expect(ids.Length > 0 && ids[0] == manifest.MoveId && move.Required("id") == manifest.MoveId, "The move, the first instance and the manifest are not about the same move.");
        Expect(ids.Distinct(StringComparer.Ordinal).Count() == ids.Length, "An instance is listed twice.");
        Expect(ids.Length == 0 || instances[0].Text("status") == move.Text("status"), "The status of the move is not that of its instance.");
        Expect(ids.Where(id => _journal.Rows(id).Count > 0).SequenceEqual(_journal.Instances, StringComparer.Ordinal), "The instances are not those of the journal, in its order.");
        foreach (var instance in instances)
        {
            var id = instance.Required("id");
            var said = instance.Value("journal") ?? throw new BundleFaultException($"'journal' of {id} is missing.");
            var rows = _journal.Rows(id);
            Expect(said.Number("rows") == rows.Count, $"{id} has {said.Number("rows")} journal rows, but {rows.Count} are in the journal.");
            Expect(said.Text("lastHash") == (rows.Count == 0 ? "" : rows[^1].Hash), $"The last row of {id} is not the one that it ended with.");
            Expect(id == ids[0] || ids.Contains(instance.Text("parentId"), StringComparer.Ordinal), $"{id} was not started by an instance of this bundle.");
        }
    }

    private void Downtime(JsonElement move, JsonElement[] instances)
    {
        var rows = instances.SelectMany(instance => _journal.Rows(instance.Required("id"))).ToArray();
        long? started = rows.Where(row => row.EventName == "DowntimeStarted").Select(row => (long?)row.Ticks).Min();
        long? ended = rows.Where(row => row.EventName == "DowntimeEnded").Select(row => (long?)row.Ticks).Max();
        var said = move.Value("downtime");
        if (started is null || said is not { } downtime)
        {
            Expect(started is null && said is null, "The downtime is not that of the journal.");
            return;
        }

        var until = ended ?? move.Ticks("finishedAt") ?? move.Ticks("updatedAt") ?? started.Value;
        var seconds = downtime.Value("seconds") is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : double.NaN;
        Expect(
            downtime.Ticks("startedAt") == started && downtime.Ticks("endedAt") == ended && Math.Abs(seconds - TimeSpan.FromTicks(until - started.Value).TotalSeconds) < 1e-6,
            "The downtime is not that of the journal.");
    }

    private void Steps(JsonElement instance)
    {
        var id = instance.Required("id");
        var said = instance.List("steps");
        var done = _journal.Rows(id).Where(row => row.ActivityType.StartsWith(StepPrefix, StringComparison.Ordinal)).GroupBy(row => row.ActivityInstanceId).ToArray();
        Expect(said.Select(step => step.Required("id")).SequenceEqual(done.Select(rows => rows.Key), StringComparer.Ordinal), $"The steps of {id} are not those of its journal.");
        foreach (var (step, rows) in said.Zip(done, (step, group) => (step, group.ToArray())))
        {
            Step(step, rows, $"Step {step.Text("activityId")} ({step.Required("id")})");
        }
    }

    private void Step(JsonElement step, JournalRow[] rows, string name)
    {
        var end = rows.LastOrDefault(row => Ended.Contains(row.EventName, StringComparer.Ordinal));
        var status = end?.EventName switch
        {
            "Completed" => "done",
            "Canceled" => "canceled",
            "Faulted" => "failed",
            _ => rows[^1].EventName == "Suspended" ? "waiting" : "running",
        };
        var outcomes = end?.Payload is { ValueKind: JsonValueKind.Object } payload && payload.Value("Outcomes") is not null ? payload.List("Outcomes").Select(outcome => outcome.GetString()) : [];
        Expect(
            step.Text("activityId") == rows[0].ActivityId && step.Text("type") == rows[0].ActivityType && step.Text("status") == status
            && step.Ticks("startedAt") == rows[0].Ticks && step.Ticks("completedAt") == end?.Ticks && step.Number("attempts") == Math.Max(1, rows.Max(row => row.Attempt))
            && step.List("outcomes").Select(outcome => outcome.GetString()).SequenceEqual(outcomes, StringComparer.Ordinal),
            $"{name} is not as the journal has it.");
        var told = rows.Where(row => !Inner.Contains(row.EventName, StringComparer.Ordinal)).ToArray();
        var said = step.List("evidence");
        Expect(said.Length == told.Length, $"{name} has {said.Length} observations and acts, the journal {told.Length}.");
        foreach (var (one, row) in said.Zip(told))
        {
            Expect(
                one.Number("sequence") == row.Sequence && one.Ticks("at") == row.Ticks && one.Text("what") == row.EventName && one.Text("message") == row.Message
                && Facts.Same(one.Value("facts"), row.Payload),
                $"{name}: what is said of row {row.Sequence} is not what stands there.");
        }
    }

    private void Tasks(JsonElement[] instances, JsonElement[] tasks)
    {
        var asked = instances.SelectMany(instance => _journal.Rows(instance.Required("id")).Where(row => Asked.ContainsKey(row.EventName))).ToArray();
        Expect(asked.Length == tasks.Length, $"{tasks.Length} questions to people are listed, the journals have {asked.Length}.");
        foreach (var (task, row) in tasks.Zip(asked))
        {
            var answer = _journal.Rows(row.InstanceId).FirstOrDefault(
                other => other.Sequence > row.Sequence && other.ActivityInstanceId == row.ActivityInstanceId
                    && (Asked.ContainsKey(other.EventName) || Answered.Contains(other.EventName, StringComparer.Ordinal)));
            answer = answer is not null && Answered.Contains(answer.EventName, StringComparer.Ordinal) ? answer : null;
            var facts = answer?.Payload;
            Expect(
                task.Text("instanceId") == row.InstanceId && task.Number("openedSequence") == row.Sequence && task.Ticks("openedAt") == row.Ticks && task.Text("stepId") == row.ActivityInstanceId
                && task.Text("finding") == row.Message && task.Text("kind") == Asked[row.EventName] && task.Text("id") == row.Payload?.Text("taskId"),
                $"What was asked in row {row.Sequence} of {row.InstanceId} is not as the journal has it.");
            Expect(
                (task.Value("answeredSequence") is null ? answer is null : answer?.Sequence == task.Number("answeredSequence")) && task.Ticks("answeredAt") == answer?.Ticks
                && task.Text("answeredBy") == facts?.Text("completedBy") && task.Text("outcome") == facts?.Text("outcome") && task.Text("comment") == facts?.Text("comment")
                && Facts.Same(task.Value("fields"), facts?.Value("fields")),
                $"What was answered to row {row.Sequence} of {row.InstanceId} is not as the journal has it.");
            Proof(task, row, answer is { EventName: "TaskCompleted" });
        }
    }

    private void Proof(JsonElement task, JournalRow asked, bool isAnswered)
    {
        var found = isAnswered
            ? _journal.Rows(asked.InstanceId).LastOrDefault(row => Proofs.ContainsKey(row.EventName) && row.Payload?.Text("taskId") == task.Text("id"))
            : null;
        var said = task.Value("proof");
        Expect(
            (isAnswered || said is null) && (said is null ? found is null : said.Value.Text("state") == (found is null ? "claimed" : Proofs[found.EventName]))
            && (found is null ? said?.Value("sequence") is null : said?.Number("sequence") == found.Sequence)
            && said?.Text("stepId") == found?.ActivityId && said?.Ticks("at") == found?.Ticks && said?.Text("text") == found?.Message,
            $"How far the answer to row {asked.Sequence} of {asked.InstanceId} is proved is not as the journal has it.");
    }

    private void Item(JsonElement item)
    {
        var row = _journal.Find(item.Required("instanceId"), item.Number("sequence"));
        Expect(
            row is { EventName: "Observed" } && item.Text("activityId") == row.ActivityId && item.Ticks("at") == row.Ticks && Facts.Same(item.Value("facts"), row.Payload),
            $"What is listed of row {item.Number("sequence")} of {item.Required("instanceId")} is not what stands there.");
    }

    private void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            _faults.Add(otherwise);
        }
    }
}
