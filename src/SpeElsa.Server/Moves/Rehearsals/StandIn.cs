using System.Text.Json;
using SpeElsa.Activities;
using SpeElsa.Engine.Storage;
using SpeElsa.Server.Identity;
using SpeElsa.Server.Tasks;

namespace SpeElsa.Server.Moves.Rehearsals;

/// <summary>The person at the keyboard of a rehearsal: does on the copies what a task asks for, and answers it. What is not as on a real move, it says.</summary>
internal sealed class StandIn(IInstanceReader reader, RehearsalStore store, RehearsalCopies copies, TaskAnswers answers)
{
    /// <summary>Who completes the tasks of a rehearsal.</summary>
    public const string Name = "rehearsal";

    /// <summary>Who answers what the first may not.</summary>
    private const string SecondName = "rehearsal-second-person";

    private const int MostTasks = 100;

    /// <summary>So often a task or step may ask before it is taken for one that will not end.</summary>
    private const int MostRounds = 6;

    /// <summary>From this round on a look again is of no use.</summary>
    private const int LooksAgain = 3;

    /// <summary>Does and answers what waits.</summary>
    /// <returns>Why it gives up; null when it does not.</returns>
    public async Task<string?> AnswerAsync(Rehearsal rehearsal, CancellationToken cancellationToken)
    {
        if (copies.Find(rehearsal.PlanId) is not { } site || copies.OrderOf(rehearsal.PlanId) is not { } order)
        {
            return "its copies are gone";
        }

        var acts = new StandInActs(rehearsal, site, order);
        var (tasks, _) = await reader.ListBookmarksAsync(HumanTasks.BookmarkName, rehearsal.Id, 0, MostTasks, cancellationToken);
        foreach (var task in tasks)
        {
            if (HumanTasks.ReadStimulus(task.Payload) is not { } asked)
            {
                continue;
            }

            if (asked.Round > MostRounds)
            {
                return $"'{asked.Title}' came up {asked.Round} times, the last time with: {asked.Finding}";
            }

            if (asked.Kind == HumanTasks.TaskKind && !await acts.DoAsync(asked.TaskName, cancellationToken))
            {
                store.Change(rehearsal.PlanId, last => last.Note($"The stand-in does not know the task {asked.TaskName} ('{asked.Title}'): it did nothing for it, and answered with its first outcome."));
            }

            await AnswerAsync(rehearsal, task.Id, asked, cancellationToken);
        }

        return null;
    }

    private async Task AnswerAsync(Rehearsal rehearsal, string taskId, HumanTaskStimulus asked, CancellationToken cancellationToken)
    {
        var outcome = Outcome(asked);
        var who = Who(asked);
        var request = new CompleteTaskRequest(who.Name, outcome, "Answered by the stand-in of a rehearsal.", Fields(rehearsal, asked, outcome));
        if (await answers.CompleteAsync(taskId, Name, request, who, cancellationToken) is AnswerResult.Wrong wrong)
        {
            var problem = string.Join(" ", wrong.Errors.SelectMany(error => error.Value));
            store.Change(rehearsal.PlanId, last => last.Note($"The stand-in can not answer '{asked.Title}' ({problem}) It waits for a person: POST /api/tasks/{taskId}/complete."));
        }
    }

    /// <summary>Where a task takes two people, the stand-in is two: no real one can have approved what a rehearsal does.</summary>
    private static Caller Who(HumanTaskStimulus asked)
    {
        var name = asked.NotBy.Any(person => string.Equals(person.Name, Name, StringComparison.OrdinalIgnoreCase)) ? SecondName : Name;
        return new Caller(name, name, [ServerRoles.Administrator]);
    }

    /// <summary>The first outcome goes on or looks again. What a look again does not change is accepted with a reason, as a person would who knows why.</summary>
    private static string Outcome(HumanTaskStimulus asked) => asked switch
    {
        { TaskName: "prepare-target" or "left-behind" } or { Kind: HumanTasks.TaskKind, Round: >= LooksAgain } => asked.Outcomes[^1],
        _ => asked.Outcomes[0],
    };

    private Dictionary<string, JsonElement> Fields(Rehearsal rehearsal, HumanTaskStimulus asked, string outcome) => asked.Fields
        .Where(field => field.Required || field.RequiredFor.Contains(outcome, StringComparer.Ordinal))
        .ToDictionary(field => field.Name, field => JsonSerializer.SerializeToElement(Value(rehearsal, field)), StringComparer.Ordinal);

    private object Value(Rehearsal rehearsal, HumanTaskField field) => field.Type switch
    {
        HumanTaskFieldTypes.Boolean => true,
        HumanTaskFieldTypes.Number => 0,
        HumanTaskFieldTypes.Secret => File.ReadAllText(store.SmtpPasswordOf(rehearsal.PlanId)),
        HumanTaskFieldTypes.Choice when field.Choices.Count > 0 => field.Choices[0],
        _ => "This is a rehearsal; on the real machines a person has to judge.",
    };
}
