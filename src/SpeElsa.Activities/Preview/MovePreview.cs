using System.Reflection;
using System.Text.RegularExpressions;
using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Activities;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>What a move would do, read off its definition and its plan. Nothing is asked of any machine.</summary>
public sealed partial class MovePreview
{
    private readonly IReadOnlyDictionary<string, string?> _plan;
    private readonly List<PreviewStep> _steps = [];

    private MovePreview(IReadOnlyDictionary<string, string?> plan) => _plan = plan;

    /// <summary>
    /// Lists the steps in the order in which they come when all goes well; after each what is done only when it finds something else, such as the task of a person
    /// who puts it right.
    /// </summary>
    /// <param name="graph">The procedure.</param>
    /// <param name="registry">The activities that the host knows.</param>
    /// <param name="plan">The inputs, as text; null for what is left out.</param>
    public static IReadOnlyList<PreviewStep> Of(WorkflowGraph graph, IActivityRegistry registry, IReadOnlyDictionary<string, string?> plan)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(plan);
        var preview = new MovePreview(plan);
        preview.Add(new MoveMap(graph, registry).Root, null, isRepeated: false, isDowntime: false);
        return preview._steps;
    }

    private void Add(MovePlace place, string? onlyIf, bool isRepeated, bool isDowntime)
    {
        if (place.Chart is { } chart)
        {
            AddChart(place, chart, onlyIf, isRepeated, isDowntime);
        }
        else if (place.Children.Count > 0)
        {
            place.Children.ForEach(child => Add(child, onlyIf, isRepeated || place.Kind is MovePlaceKind.Rounds, isDowntime));
        }
        else if (place.Activity is MoveStep or HumanTask)
        {
            _steps.Add(Describe(place, onlyIf, isRepeated, isDowntime));
        }
    }

    private void AddChart(MovePlace place, MoveChart chart, string? onlyIf, bool isRepeated, bool isDowntime)
    {
        var way = WayOf(chart);
        var (first, last) = Downtime(way.ConvertAll(part => part.Place));
        var seen = way.Select(part => part.Place).ToHashSet();
        Leave(chart, seen);
        for (var index = 0; index < way.Count; index++)
        {
            var isDown = isDowntime || (index >= first && index <= last);
            Add(way[index].Place, onlyIf ?? way[index].OnlyIf, isRepeated, isDown);
            var decided = DecisionAt(way[index].Place);
            foreach (var arrow in chart.From(way[index].Place).Where(arrow => decided is null || arrow.Port == decided))
            {
                AddAside(chart, arrow, seen, onlyIf ?? way[index].OnlyIf ?? $"{arrow.Source.Name}: {arrow.Port}", isRepeated, isDown);
            }
        }

        // What begins by itself, and what nothing leads to from the start.
        place.Children.FindAll(child => seen.Add(child)).ForEach(child => Add(child, onlyIf, isRepeated, isDowntime));
    }

    /// <summary>What the plan has decided against is no step of it.</summary>
    private void Leave(MoveChart chart, HashSet<MovePlace> seen)
    {
        foreach (var arrow in seen.Where(place => place.Activity is FlowDecision).ToArray().SelectMany(chart.From))
        {
            if (DecisionAt(arrow.Source) is { } decided && arrow.Port != decided && !seen.Any(place => chart.From(place).Any(other => other.Target == arrow.Target && other != arrow)))
            {
                seen.Add(arrow.Target);
            }
        }
    }

    /// <summary>What comes before the way that is expected is met again.</summary>
    private void AddAside(MoveChart chart, MoveArrow arrow, HashSet<MovePlace> seen, string onlyIf, bool isRepeated, bool isDowntime)
    {
        if (!seen.Add(arrow.Target))
        {
            return;
        }

        Add(arrow.Target, onlyIf, isRepeated, isDowntime);
        foreach (var next in chart.From(arrow.Target))
        {
            AddAside(chart, next, seen, onlyIf, isRepeated, isDowntime);
        }
    }

    /// <summary>
    /// The way when all goes well: of several ways on the one that leads furthest, or that the plan decides. Where only a run can tell, what belongs to one branch
    /// says so.
    /// </summary>
    private List<(MovePlace Place, string? OnlyIf)> WayOf(MoveChart chart)
    {
        var way = new List<(MovePlace Place, string? OnlyIf)>();
        var (why, common) = ((string?)null, (IReadOnlySet<int>?)null);
        for (MovePlace? place = chart.Start; place is not null && way.TrueForAll(part => part.Place != place);)
        {
            if (common?.Contains(place.Index) == true)
            {
                (why, common) = (null, null);
            }

            way.Add((place, why));
            MoveArrow[] arrows = [.. chart.From(place).Where(arrow => !arrow.IsBack)];
            if (arrows.Length == 0)
            {
                // A task whose branch leads to a check that another branch has come to first.
                arrows = [.. chart.From(place)];
            }

            var decided = DecisionAt(place);
            var next = arrows.FirstOrDefault(arrow => arrow.Port == decided) ?? arrows.OrderByDescending(arrow => chart.Ahead(arrow.Target).Count).FirstOrDefault(arrow => LeadsOn(chart, arrow)) ?? arrows.FirstOrDefault();
            if (place.Activity is FlowDecision && decided is null && why is null && next is not null)
            {
                (why, common) = ($"{place.Name}: {next.Port}", arrows.Select(arrow => chart.Ahead(arrow.Target)).Aggregate((one, other) => one.Intersect(other).ToHashSet()));
                if (common.Contains(next.Target.Index))
                {
                    (why, common) = (null, null);
                }
            }

            place = next?.Target;
        }

        return way;
    }

    /// <summary>Whether it is more than a person's detour, which leads back to where it came from.</summary>
    private static bool LeadsOn(MoveChart chart, MoveArrow arrow) => arrow.Target.Activity is not HumanTask || chart.From(arrow.Target).All(next => !next.IsBack);

    /// <summary>A condition that asks for one input of the plan is decided by whether the plan gives it.</summary>
    private string? DecisionAt(MovePlace place)
    {
        if (place.Activity is not FlowDecision decision)
        {
            return null;
        }

        string[] asked = [.. InputInScript().Matches(decision.Condition.Expression?.Value?.ToString() ?? "").Select(match => match.Groups[1].Value).Distinct()];
        var name = Written.In(decision.Condition).InputName ?? (asked is [var one] ? one : null);
        return name is null ? null : _plan.GetValueOrDefault(name) is { Length: > 0 } value && !bool.FalseString.Equals(value, StringComparison.OrdinalIgnoreCase) ? "True" : "False";
    }

    /// <summary>From the first stop to the last start, or what a script says of itself; none where nothing is started after the stop.</summary>
    private static (int First, int Last) Downtime(List<MovePlace> way)
    {
        var first = way.FindIndex(place => Holds(place, MovePartKind.Stops) || place.Activity is RunScript script && Written.In(script.DowntimeBegins).IsYes);
        var last = way.FindLastIndex(place => Holds(place, MovePartKind.Starts) || place.Activity is RunScript script && Written.In(script.DowntimeEnds).IsYes);
        return first >= 0 && last > first ? (first, last) : (way.Count, -1);
    }

    private static bool Holds(MovePlace place, MovePartKind kind) => place.Parts.Any(part => part.Kind == kind);

    private PreviewStep Describe(MovePlace place, string? onlyIf, bool isRepeated, bool isDowntime)
    {
        var activity = place.Activity;
        var type = activity.GetType().GetCustomAttribute<ActivityAttribute>()!;
        return new PreviewStep
        {
            ActivityId = activity.Id,
            Name = place.Name.Trim('\''),
            Type = activity.Type,
            Kind = activity switch
            {
                HumanTask => PreviewStep.Task,
                MoveStep { Acts: true } => PreviewStep.Act,
                _ => PreviewStep.Check,
            },
            What = activity.Metadata.TryGetValue("description", out var text) && text?.ToString() is { Length: > 0 } own ? own : type.Description ?? "",
            Machines = [.. MachinesOf(activity)],
            OnlyIf = onlyIf,
            IsRepeated = isRepeated,
            IsDowntime = isDowntime,
            TakesAllData = activity is CopyInstanceData or VerifyInstanceData,
        };
    }

    private IEnumerable<string> MachinesOf(IActivity activity) => activity.GetType().GetProperties()
        .Where(property => property.GetCustomAttribute<InputAttribute>()?.UIHandler == typeof(MachineChoices))
        .Select(property => ValueOf(Written.In(property.GetValue(activity) as Input)))
        .OfType<string>()
        .Distinct(StringComparer.OrdinalIgnoreCase);

    private string? ValueOf(Written written) => written.Constant ?? (written.InputName is { } name ? _plan.GetValueOrDefault(name) : null);

    [GeneratedRegex("""getInput\(\s*["'`]([^"'`]+)["'`]\s*\)""")]
    private static partial Regex InputInScript();
}
