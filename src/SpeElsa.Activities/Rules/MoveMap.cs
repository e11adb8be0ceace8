using System.Collections;
using System.Text.Json;
using Elsa.Expressions.Models;
using Elsa.Workflows;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Activities.Flowchart.Activities;
using Elsa.Workflows.Models;
using Elsa.Workflows.UIHints;
using FlowNode = Elsa.Workflows.Activities.Flowchart.Activities.FlowNode;
using Parallel = Elsa.Workflows.Activities.Parallel;

namespace SpeElsa.Activities;

/// <summary>A workflow as places and the ways between them.</summary>
internal sealed class MoveMap
{
    private const string Done = "Done";
    private readonly IActivityRegistry _registry;
    private readonly List<MovePlace> _places = [];
    private int _arrows;

    public MoveMap(WorkflowGraph graph, IActivityRegistry registry)
    {
        _registry = registry;
        Root = Add(graph.Root, null);
        foreach (var place in _places)
        {
            Describe(place);
        }
    }

    public MovePlace Root { get; }

    /// <summary>All places; each holds those whose numbers follow its own.</summary>
    public IReadOnlyList<MovePlace> Places => _places;

    /// <summary>Whether a flowchart goes on from an outcome of one of its activities.</summary>
    public static bool IsOpen(MovePlace place, string port) =>
        place is { Parent.Chart: { } chart, Activity: not ITerminalNode } && !IsLast(place, chart) && !chart.From(place).Any(arrow => arrow.Port == port);

    /// <summary>An activity that can end in one way only, and from which nothing leads on, is where a flow ends.</summary>
    private static bool IsLast(MovePlace place, MoveChart chart) => !chart.From(place).Any() && place.Ways is [[_]];

    private MovePlace Add(ActivityNode node, MovePlace? parent)
    {
        var place = new MovePlace(_places.Count, node.Activity, parent);
        _places.Add(place);
        foreach (var child in node.Children)
        {
            place.Children.Add(Add(child, place));
        }

        place.Last = _places.Count - 1;
        place.Kind = KindOf(node);
        place.MayPass = node.Activity switch
        {
            If choice => choice.Then is null || choice.Else is null,
            Switch choice => choice.Default is null || choice.Cases.Any(branch => branch.Activity is null),
            _ => false,
        };
        if (place.Kind is MovePlaceKind.Chart)
        {
            place.Chart = new MoveChart((Flowchart)node.Activity, place.Children, () => _arrows++);
        }

        return place;
    }

    private static MovePlaceKind KindOf(ActivityNode node) => node.Activity switch
    {
        _ when node.Children.Count == 0 => MovePlaceKind.Leaf,
        Flowchart => MovePlaceKind.Chart,
        Sequence => MovePlaceKind.Row,
        Parallel => MovePlaceKind.SideBySide,
        Fork { JoinMode: ForkJoinMode.WaitAny } => MovePlaceKind.Race,
        Fork => MovePlaceKind.SideBySide,
        If _ => MovePlaceKind.OneOf,
        Switch choice when Written.In(choice.Mode).Constant is not nameof(SwitchMode.MatchAny) => MovePlaceKind.OneOf,
        _ when node.Children.Count == 1 && (node.Activity is FlowNode || node.Children.First().Port == nameof(Composite.Root)) => MovePlaceKind.Whole,
        _ => MovePlaceKind.Rounds,
    };

    private void Describe(MovePlace place)
    {
        var descriptor = _registry.Find(place.Activity.Type, place.Activity.Version);
        place.Name = place.Activity.Metadata.TryGetValue("displayText", out var text) && text?.ToString() is { Length: > 0 } given
            ? $"'{given}'"
            : $"'{descriptor?.DisplayName ?? place.Activity.Type}' ({place.Activity.Id})";
        var ports = (descriptor?.Ports ?? []).Where(port => port.Type is PortType.Flow).Select(port => port.Name).ToList();
        place.WaysAreKnown = descriptor is not null && place.Activity is not NotFoundActivity;
        foreach (var input in descriptor?.Inputs ?? [])
        {
            if (input.UIHint == InputUIHints.MultiText)
            {
                place.WaysAreKnown = false;
            }
            else if (input.UIHint == InputUIHints.DynamicOutcomes)
            {
                var outcomes = OutcomesOf((input.ValueGetter(place.Activity) as Input)?.Expression);
                place.WaysAreKnown = outcomes is not null;
                ports.AddRange(outcomes ?? []);
            }
        }

        if (place.Activity is FlowSwitch flowSwitch)
        {
            ports.AddRange(flowSwitch.Cases.Select(branch => branch.Label));
        }

        if (!place.WaysAreKnown)
        {
            ports.AddRange(place.Parent?.Chart?.From(place).Select(arrow => arrow.Port) ?? []);
        }

        string[] all = ports.Count > 0 ? [.. ports.Distinct(StringComparer.Ordinal)] : [Done];
        place.Ways = place.Activity is FlowFork ? [all] : [.. all.Select(port => new[] { port })];
    }

    /// <returns>Null where only a run can tell.</returns>
    private static List<string>? OutcomesOf(Expression? written)
    {
        if (written is { Type: not ("Literal" or "Object") })
        {
            return null;
        }

        try
        {
            return written?.Value switch
            {
                null => [],
                string text => Wire.Read<List<string>>(text) ?? [],
                IEnumerable list => [.. list.Cast<object?>().Select(item => item?.ToString() ?? "")],
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
