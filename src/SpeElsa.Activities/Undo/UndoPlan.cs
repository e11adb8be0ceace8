using System.Globalization;
using System.Text.Json;

namespace SpeElsa.Activities;

/// <summary>What became of one step of the move in the plan of its undo.</summary>
/// <param name="ActivityId">The step in its definition.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Kind">Whether steps undo it, nothing has to, or what it did stays.</param>
/// <param name="Why">In words, why nothing undoes it; empty where steps do.</param>
/// <param name="By">The titles of the steps that undo it.</param>
public sealed record UndoneStep(string ActivityId, string Name, UndoKind Kind, string Why, IReadOnlyList<string> By);

/// <summary>What brings the old server back, from wherever a move stands. A pure function of its history.</summary>
/// <remarks>
/// 1. Every execution is asked how it is undone, the last one first, also those that began and never ended.
/// 2. What is wanted twice is done once.
/// 3. Before anything of the old server starts or is enabled, the other one is stopped and disabled, whether or not the move had come to that.
/// 4. The phases order the rest; at the end the dashboard is compared with before the move.
/// </remarks>
public sealed record UndoPlan
{
    /// <summary>The move.</summary>
    public required MoveFacts Move { get; init; }

    /// <summary>What is done, in order. Empty when nothing has to be undone, or nothing can be any more.</summary>
    public required IReadOnlyList<UndoStep> Steps { get; init; }

    /// <summary>What becomes of each step of the move, the last one first.</summary>
    public required IReadOnlyList<UndoneStep> Undone { get; init; }

    /// <summary>What whoever starts it has to know.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Why the move is not undone any more; null while it is.</summary>
    public string? Refusal { get; init; }

    /// <summary>Makes the plan.</summary>
    /// <param name="move">The move.</param>
    /// <param name="history">What its steps did, in the order they began.</param>
    public static UndoPlan Of(MoveFacts move, IReadOnlyList<StepHistory> history)
    {
        ArgumentNullException.ThrowIfNull(move);
        ArgumentNullException.ThrowIfNull(history);
        var answers = history.Reverse().Select(step => (Step: step, Answer: step.Undo)).ToArray();
        if (history.LastOrDefault(step => step.EndsUndo) is { } end)
        {
            return AfterEnd(move, answers, end);
        }

        var steps = new List<UndoStep>();
        foreach (var step in answers.SelectMany(answer => answer.Answer.Steps))
        {
            Add(steps, step);
        }

        foreach (var step in Guards(move, history, steps))
        {
            Add(steps, step);
        }

        if (history.SelectMany(step => step.Facts.Tickets).Distinct().ToArray() is { Length: > 0 } tickets)
        {
            steps.Add(UndoSteps.StopTickets(tickets));
        }

        return new UndoPlan
        {
            Move = move,
            Steps = [.. steps.OrderBy(step => step.Phase).ThenBy(step => step.Order)],
            Undone = Tell(answers),
            Warnings = Warn(move, history),
        };
    }

    private static UndoPlan AfterEnd(MoveFacts move, (StepHistory Step, StepUndo Answer)[] answers, StepHistory end)
    {
        var when = $"{end.Facts.Name}, by {end.Facts.CompletedBy}";
        var (since, refusal) = move switch
        {
            { Target.Length: 0 } => ($"{move.Source} serves as it is", $"{move.Source} serves as it is since. To go back, start the same procedure the other way."),
            { Before.Role: Roles.ClientAccessServer } => (
                $"end users are led to {move.Target}",
                $"Since then {move.Target} serves end users, and the role is removed from {move.Source}. A new move from {move.Target} to {move.Source} brings it back."),
            { Before.Role: Roles.ManagementServer } => (
                $"what was set or changed on {move.Target} since is on no other server",
                $"Since then {move.Target} is the server with the management database: going back to {move.Source} as it was would lose what has been set or changed. "
                + $"{move.Source} is as the move left it. A new move from {move.Target} to {move.Source} brings the database along."),
            _ => (
                $"what {move.Target} has archived since is on no other server",
                $"Since then {move.Target} is the server with the mail: going back to {move.Source} as it was would lose what has been archived. "
                + $"{move.Source} is as the move left it. A new move from {move.Target} to {move.Source} brings the mail along."),
        };
        return new UndoPlan
        {
            Move = move,
            Steps = [],
            Undone = Tell([.. answers.Select(answer => answer.Answer.Kind is UndoKind.Steps
                ? (answer.Step, StepUndo.Stays($"Not undone after the end of the move ({when}): {since}."))
                : answer)]),
            Warnings = [],
            Refusal = $"The move was ended ({when}). {refusal}",
        };
    }

    private static bool IsOfManagement(MoveFacts move) => move.Before?.Role == Roles.ManagementServer;

    private static void Add(List<UndoStep> steps, UndoStep step)
    {
        var known = steps.FindIndex(other => KeyOf(other) == KeyOf(step));
        if (known < 0)
        {
            steps.Add(step);
        }
        else if (steps[known].Inputs.Values.Count(IsGiven) < step.Inputs.Values.Count(IsGiven))
        {
            steps[known] = step;
        }
    }

    private static IEnumerable<UndoStep> Guards(MoveFacts move, IReadOnlyList<StepHistory> history, IReadOnlyList<UndoStep> steps)
    {
        foreach (var step in steps.Where(step => step.OnlyIfOff is { Length: > 0 }).ToArray())
        {
            yield return UndoSteps.TakeOutOfService(step.OnlyIfOff!, step.Inputs.GetValueOrDefault("installDirectory") as string, step.OnlyIfOffRole);
        }

        var starts = steps.Where(step => step.Type == "SpeElsa.StartService").ToArray();
        var management = starts.FirstOrDefault(step => step.Inputs.GetValueOrDefault("role") as string == Roles.ManagementServer)?.Machine
            ?? steps.Select(step => step.Inputs.GetValueOrDefault("managementServer") as string).FirstOrDefault(machine => machine is { Length: > 0 })
            ?? history.Where(step => step.Activity is CheckDashboard).Select(step => step.Facts.Text("Machine")).LastOrDefault(machine => !move.IsNew(machine));
        if ((starts.Length > 0 || steps.Any(step => step.Type == "SpeElsa.StartInstances")) && management is not null)
        {
            yield return UndoSteps.CheckDashboard(management);
        }
    }

    private static List<UndoneStep> Tell((StepHistory Step, StepUndo Answer)[] answers)
    {
        var told = new List<UndoneStep>();
        foreach (var (step, answer) in answers)
        {
            var undone = new UndoneStep(step.Facts.ActivityId, step.Facts.Name, answer.Kind, answer.Why, [.. answer.Steps.Select(part => part.Title)]);
            if (!told.Exists(other => other.ActivityId == undone.ActivityId && other.Kind == undone.Kind && other.Why == undone.Why && other.By.SequenceEqual(undone.By)))
            {
                told.Add(undone);
            }
        }

        return told;
    }

    private static List<string> Warn(MoveFacts move, IReadOnlyList<StepHistory> history)
    {
        var what = IsOfManagement(move)
            ? $"the Management Server may have run on {move.Target}. What was set or changed there since - instances, administrators, settings -"
            : $"the instances may have run on {move.Target}. What was archived, changed or deleted there since";
        var served = history.FirstOrDefault(step => step.Activity is StartService && step.Facts.MayHaveActed
            && step.Facts.Text("Role") == (IsOfManagement(move) ? Roles.ManagementServer : Roles.InstanceHost) && move.IsNew(step.Facts.Text("Machine")));
        return served is null ? [] :
        [
            $"Since {served.Facts.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC {what} "
            + $"is not on {move.Source}, and this undo does not bring it along. The data on {move.Target} stays.",
        ];
    }

    /// <summary>Where the product is makes no difference to what is wanted.</summary>
    private static string KeyOf(UndoStep step) => string.Join(
        '|',
        step.Inputs.Where(input => IsGiven(input.Value) && input.Key is not ("installDirectory" or "baseline" or "fields"))
            .OrderBy(input => input.Key, StringComparer.Ordinal)
            .Select(input => $"{input.Key}={JsonSerializer.Serialize(input.Value, Wire.Options)}")
            .Prepend($"{step.Type} {step.Machine} {step.TaskName}"));

    private static bool IsGiven(object? value) => value is not (null or "" or false);
}
