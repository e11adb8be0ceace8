using Elsa.Workflows;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>A rule of a move that a workflow breaks, or may break.</summary>
/// <param name="IsError">Whether it keeps the workflow from being published.</param>
/// <param name="Code">The rule, by a short name that never changes.</param>
/// <param name="ActivityId">The activity it is about.</param>
/// <param name="Message">In words: which activity, what is wrong, what to do.</param>
public sealed record MoveFinding(bool IsError, string Code, string ActivityId, string Message);

/// <summary>
/// Proves that a workflow that moves something has no dead end and never brings the old server out of reach, by looking at every state a run can come
/// to. A workflow without a step that acts is not looked at. Pure.
/// </summary>
public sealed class MoveRules
{
    private const int MostSteps = 4;

    private readonly MoveMap _map;
    private readonly List<MoveFinding> _findings = [];

    private MoveRules(MoveMap map) => _map = map;

    /// <summary>Lists what is wrong, errors first.</summary>
    /// <param name="graph">The workflow.</param>
    /// <param name="registry">The activities that the host knows.</param>
    public static IReadOnlyList<MoveFinding> Check(WorkflowGraph graph, IActivityRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(registry);
        if (!graph.Nodes.Any(node => IsStep(node.Activity)))
        {
            return [];
        }

        var rules = new MoveRules(new MoveMap(graph, registry));
        rules.CheckPlaces();
        rules.CheckStates(isPart: graph.Workflow.Options.UsableAsActivity is true);
        return [.. rules._findings.Distinct().OrderByDescending(finding => finding.IsError)];
    }

    /// <summary>A person's task alone is no move, and neither is a check.</summary>
    private static bool IsStep(IActivity activity) => activity switch
    {
        MoveStep step => step.Acts,
        HumanTask => false,
        IMovePart part => part.Parts.Count > 0,
        _ => false,
    };

    /// <summary>What each activity tells by itself. Workflows that are used as activities are checked when they are published.</summary>
    private void CheckPlaces()
    {
        foreach (var place in _map.Places.Where(place => !place.IsElsewhere))
        {
            CheckOutcomes(place);
            if (place.Activity is IStatesUndo { WhyUndoIsOpen: { } open })
            {
                Error("no-undo", place, $"{place.Name} does not say how it is undone. {open}.");
            }
            else if (place.Activity is not (MoveStep or HumanTask) && place.Parts.Any(part => part.Kind is MovePartKind.Stops or MovePartKind.Starts or MovePartKind.Removes))
            {
                Warn("unknown-undo", place, $"{place.Name} changes a server, and an undo of the move does not know it. Use a step of a move, or add a task of a person whose undo puts it back.");
            }

            if (place.Activity is RunScript { WhyItCanNotRun: { } why })
            {
                Error("script-can-not-run", place, $"{place.Name} can not run. {why}.");
            }

            foreach (var part in place.Parts.Where(part => part is { Kind: MovePartKind.Starts, IsGuarded: false }))
            {
                Error(
                    "unguarded-start",
                    place,
                    $"{place.Name} starts {MovePart.Title(part.What[0])} without looking whether the other server is off: both could serve the same data. "
                    + "Name the other server in its input 'Only if off'.");
            }
        }
    }

    private void CheckOutcomes(MovePlace place)
    {
        if (!place.WaysAreKnown && place.Activity is HumanTask)
        {
            Warn("unknown-outcomes", place, $"The outcomes of {place.Name} are made by an expression, so nobody can tell whether an arrow leads on from each. Write them as a list.");
        }

        foreach (var outcome in place.WaysAreKnown ? place.Ways.SelectMany(way => way).Where(outcome => MoveMap.IsOpen(place, outcome)) : [])
        {
            Error(
                "open-outcome",
                place,
                $"No arrow leads on from the outcome '{outcome}' of {place.Name}: the move would just stop there. Draw one to what comes next, or to an End where the move may end.");
        }

        if (place is { Activity: MoveCheck, Ways.Count: > 1, Parent.Kind: not MovePlaceKind.Chart })
        {
            Warn("ignored-finding", place, $"{place.Name} has several outcomes, but what holds it goes on in the same way with each. Put it into a flowchart, and draw an arrow from each outcome.");
        }
    }

    /// <summary>What only the ways through the workflow tell. A workflow that is a part of others is judged in them, by what comes before and after it there.</summary>
    private void CheckStates(bool isPart)
    {
        var explorer = new MoveExplorer(_map, new MoveLedger());
        explorer.Explore();
        if (!explorer.IsComplete)
        {
            Warn("not-proved", _map.Root, "So much runs side by side here that not every order could be looked at. The rules of a move are not proved for it; run fewer branches at once.");
        }
        else
        {
            CheckReach(explorer);
        }

        if (!isPart)
        {
            CheckOrder(explorer);
            CheckEnds(explorer);
        }
    }

    private void CheckReach(MoveExplorer explorer)
    {
        // The first of each chain is told; the rest follows from it.
        var never = _map.Places.Where(place => !place.IsElsewhere && place.Parent is { } parent && explorer.WasEntered(parent) && !explorer.WasEntered(place)).ToHashSet();
        var told = new HashSet<MovePlace>();
        foreach (var first in never.OrderBy(place => place.Parent!.Chart?.Into(place).Any(arrow => never.Contains(arrow.Source)) is true).Where(place => !told.Contains(place)))
        {
            first.Parent!.Chart?.AddBehind(first, told);
            Error("never-reached", first, $"No way leads to {first.Name}, nor to what only follows from it. Draw an arrow to it, or take it out.");
        }

        foreach (var node in explorer.DeadEnds())
        {
            var standing = node.State.Active.Select(index => _map.Places[index]).Where(place => !node.State.Active.Any(place.Holds)).ToArray();
            Error(
                "no-way-out",
                standing[0],
                $"From {string.Join(" and ", standing.Select(place => place.Name))} no way leads to an end: the move would go round for ever. Draw an arrow that leads out.{Way(explorer, node)}");
        }
    }

    private void CheckOrder(MoveExplorer explorer)
    {
        foreach (var (rule, place, node) in explorer.Broken)
        {
            switch (rule)
            {
                case MoveRule.CopyBeforeStop:
                    var part = place.Parts.First(part => part.Kind is MovePartKind.FinalCopy);
                    var what = part.What[0] == MovePart.Instances ? $"the instances there, nor {MovePart.Title(Roles.InstanceHost)}," : MovePart.Title(part.What[0]);
                    Error(
                        "copy-before-stop",
                        place,
                        $"{place.Name} copies for good from {part.Machine.Words}, and there is a way to it on which nothing has stopped {what} before: what is written meanwhile is lost. "
                        + $"Stop it before on every way.{Way(explorer, node)}");
                    break;
                case MoveRule.RemovalBeforeSignOff:
                    Error(
                        "removal-before-sign-off",
                        place,
                        $"{place.Name} removes something, and there is a way to it without a sign-off before: the old server could not serve again. "
                        + $"Put it after a task with 'Ends undo'.{Way(explorer, node)}");
                    break;
                case MoveRule.NoWayBack:
                    Error(
                        "no-way-back",
                        place,
                        $"After {place.Name} the move is not undone any more, while something that was stopped serves nowhere: if a later step fails, neither server would serve. "
                        + $"Start it before the sign-off.{Way(explorer, node)}");
                    break;
            }
        }
    }

    private void CheckEnds(MoveExplorer explorer)
    {
        foreach (var (rule, fact, end, node) in explorer.OpenEnds.DistinctBy(open => (open.Rule, open.Fact.By, open.Fact.What)))
        {
            var by = _map.Places[fact.By];
            if (rule is MoveRule.NobodyServes)
            {
                Error(
                    "nobody-serves",
                    by,
                    $"{by.Name} stops {MovePart.Title(fact.What)}, and the move can end after {end.Name} without a start on another server, or here again: nobody would serve. "
                    + $"Start before the end, on every way.{Way(explorer, node)}");
            }
            else
            {
                Error(
                    "mfa-stays-off",
                    by,
                    $"MFA is off after {by.Name}, and the move can end after {end.Name} without it being on again. "
                    + $"Put 'Check MFA is on again' before the end, on every way, with a task for those who have to switch it on.{Way(explorer, node)}");
            }
        }
    }

    /// <summary>The last steps of the shortest way to a state.</summary>
    private static string Way(MoveExplorer explorer, MoveNode node)
    {
        var steps = new List<string>();
        for (; node is { Before: >= 0, Place: not null }; node = explorer.Nodes[node.Before])
        {
            if (node.Outcomes.Length > 0)
            {
                steps.Add(node.Place.Ways.Count > 1 ? $"{node.Place.Name} ({string.Join(", ", node.Outcomes)})" : node.Place.Name);
            }
        }

        return steps.Count == 0 ? "" : $" Such a way: {(steps.Count > MostSteps ? "… " : "")}{string.Join(", ", steps.Take(MostSteps).Reverse())}.";
    }

    private void Error(string code, MovePlace place, string message) => _findings.Add(new MoveFinding(true, code, place.Activity.Id, message));

    private void Warn(string code, MovePlace place, string message) => _findings.Add(new MoveFinding(false, code, place.Activity.Id, message));
}
