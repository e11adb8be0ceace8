using System.Text.Json.Nodes;
using Elsa.Workflows;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Activities.Tests.Undo;

/// <summary>
/// One move of each procedure over the lab; a copy of its farm at the end of each step, in each step that has acted and whose record is missing, and where a person
/// has acted and said nothing; from the copies the way back. By themselves these tests take a part of the copies, with SPEELSA_FULL_UNDO=1 in the environment all.
/// </summary>
public sealed class EveryStepTests
{
    private const string MoveId = "0123456789ab";

    /// <summary>Not a multiple of two: a step is in it once with its record and once without.</summary>
    private const int Part = 9;

    private static readonly bool IsFull = Environment.GetEnvironmentVariable("SPEELSA_FULL_UNDO") is "1";

    /// <summary>In the short run the single-server move is left to <see cref="UndoTests"/>, which goes back from each of its steps.</summary>
    public static TheoryData<string> Scenarios => [.. UndoProcedure.All.Select(procedure => procedure.Scenario).Where(scenario => IsFull || scenario != "single-server-move")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task From_wherever_it_is_cut_the_farm_comes_back_as_it_was(string scenario)
    {
        var procedure = UndoProcedure.All.Single(candidate => candidate.Scenario == scenario);
        var cuts = new Cuts(procedure);
        MoveStory story;
        string[] before;
        await using (var bench = await LabBench.OpenAsync(procedure.Farm, archiveBytes: 8 * 1024))
        {
            await procedure.Prepare(bench);
            before = await bench.FingerprintsAsync(procedure.Returning);
            story = await MoveAsync(bench, procedure, cuts);
        }

        Assert.Equal([], story.Journal.Where(row => row.Role is JournalRole.Result).Select(row => row.ActivityId).Except(cuts.Steps));
        Assert.Equal([], cuts.Left);
        foreach (var cut in cuts.Kept)
        {
            await using var bench = await LabBench.OpenCopyAsync(cut.Farm, procedure.Farm);
            await using var host = await bench.StartHostAsync();
            var id = await story.UpTo(cut.Sequence).UndoAsync(host);
            await PlayAsync(bench, host, id, task => procedure.DoAsync(bench, task.TaskName));
            var state = await host.Host.StateAsync(id);
            Assert.True(state.SubStatus is WorkflowSubStatus.Finished, $"{cut.Name}: {state.SubStatus} {string.Join("; ", state.Incidents.Select(incident => incident.Message))}");
            Assert.Equal(before.Prepend(cut.Name), (await bench.FingerprintsAsync(procedure.Returning)).Prepend(cut.Name));
            Assert.Empty(bench.Product.Violations);
            Assert.True(
                procedure.Target is "" || bench.Server(procedure.Target).Services.All(service => service.IsRunning == procedure.TargetGoesOn), $"{cut.Name}: the services of {procedure.Target}");
        }
    }

    /// <summary>Plays the move to its sign-off.</summary>
    private static async Task<MoveStory> MoveAsync(LabBench bench, UndoProcedure procedure, Cuts cuts)
    {
        var store = new InMemoryStore();
        void Cut(string name)
        {
            bench.Product.SettleAsync(Token).GetAwaiter().GetResult();
            cuts.Take(name, () => (((IInstanceReader)store).FindAsync(MoveId, Token).GetAwaiter().GetResult()!.JournalSequence, bench.Copy()));
        }

        await using var host = await bench.StartHostAsync(store, new AtSteps(cuts, Cut));
        var inputs = new Dictionary<string, object?>(procedure.Inputs) { ["source"] = procedure.Source };
        if (procedure.Target is not "")
        {
            inputs["target"] = procedure.Target;
        }

        await host.Host.StartWorkflowAsync(await File.ReadAllTextAsync(DefinitionFile.Of(procedure.Scenario), Token), inputs, MoveId);
        var password = await bench.Secrets.PutAsync("smtp", LabBench.SmtpPassword, Token);
        await PlayAsync(bench, host, MoveId, async task =>
        {
            await procedure.DoAsync(bench, task.TaskName);
            Cut($"{task.TaskName} is done and not answered");
        }, password);
        return await MoveStory.ReadAsync(host, MoveId) with { Source = procedure.Source, Target = procedure.Target };
    }

    /// <summary>Does what tasks ask for and answers them, to the end or to the sign-off, which is not answered.</summary>
    private static async Task PlayAsync(LabBench bench, StepHost host, string id, Func<HumanTaskStimulus, Task> act, string password = "")
    {
        var answered = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var (task, bookmark) = await Testing.Eventually.GetAsync(
                () => NextAsync(host, id, answered),
                found => found.Task is not null || found.HasEnded,
                _ => $"{id} neither asks nor ends: {string.Join('\n', bench.AllEffects().TakeLast(5))}") is { Task: { } next } found ? (next, found.Id) : (null, "");
            if (task is null)
            {
                return;
            }

            Assert.True(task.Kind == HumanTasks.TaskKind && task.Round < 3, $"{task.Title} ({task.Round}): {task.Finding}");
            await act(task);
            if (task.TaskName == "sign-off")
            {
                return;
            }

            answered.Add(bookmark);
            await (task.TaskName switch
            {
                "smtp-password" => host.AnswerAsync(id, bookmark, task.Outcomes[0], new JsonObject { ["password"] = password }),
                "left-behind" => host.AnswerAsync(id, bookmark, "Accept", new JsonObject { ["reason"] = "nothing of it is used" }),
                _ => host.AnswerAsync(id, bookmark, task.Outcomes[0]),
            });
        }
    }

    private static async Task<(bool HasEnded, HumanTaskStimulus? Task, string Id)> NextAsync(StepHost host, string id, HashSet<string> answered)
    {
        var record = await host.Host.Reader.FindAsync(id, Token);
        Assert.True(record?.SetAside is null, record?.SetAside);
        var state = record?.StateVersion > 0 ? await host.Host.StateAsync(id) : null;
        var open = state?.Bookmarks.FirstOrDefault(bookmark => bookmark.Name == HumanTasks.BookmarkName && !answered.Contains(bookmark.Id));
        return (state?.Status is WorkflowStatus.Finished, open is null ? null : HumanTasks.ReadStimulus(open.Payload), open?.Id ?? "");
    }

    /// <summary>A place in the move.</summary>
    /// <param name="Name">What had happened last.</param>
    /// <param name="Sequence">The last row of the journal.</param>
    /// <param name="Farm">The copy.</param>
    private sealed record Place(string Name, long Sequence, string Farm);

    /// <summary>The places a move has come by, and copies of those that are tried.</summary>
    private sealed class Cuts(UndoProcedure procedure)
    {
        private readonly Lock _lock = new();
        private readonly HashSet<string> _steps = new(StringComparer.Ordinal);
        private readonly List<Place> _kept = [];
        private readonly List<string> _left = [];

        // Not the same place in every procedure.
        private int _number = UndoProcedure.All.ToList().IndexOf(procedure);

        public IReadOnlyCollection<string> Steps => _steps;

        public IReadOnlyList<Place> Kept => _kept;

        /// <summary>Places that could not be copied.</summary>
        public IReadOnlyList<string> Left => _left;

        public void CameBy(string step) => _steps.Add(step);

        public void Take(string name, Func<(long Sequence, string Farm)> copy)
        {
            lock (_lock)
            {
                if (_number++ % Part != 0 && !IsFull)
                {
                    return;
                }

                try
                {
                    var (sequence, farm) = copy();
                    _kept.Add(new Place($"{_number} {name}", sequence, farm));
                }
                catch (Exception exception)
                {
                    // The engine takes it for a death and goes on, so a place would be left out and nobody would know.
                    _left.Add($"{name}: {exception.Message}");
                    throw;
                }
            }
        }
    }

    private sealed class AtSteps(Cuts cuts, Action<string> cut) : IFaultPoints
    {
        public void Reach(string point, string? activityId)
        {
            if (point == FaultPoint.BeforeResult)
            {
                cut($"in {activityId}");
            }
            else if (point == FaultPoint.ResultCommitted)
            {
                cuts.CameBy(activityId!);
                cut($"after {activityId}");
            }
        }
    }
}
