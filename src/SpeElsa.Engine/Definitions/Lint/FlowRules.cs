using Elsa.Workflows;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Activities.Flowchart.Activities;
using Elsa.Workflows.Models;
using Elsa.Workflows.UIHints;
using SpeElsa.Engine.Management;

namespace SpeElsa.Engine.Definitions;

/// <summary>Types this host does not know.</summary>
internal sealed class UnknownActivityRule : IDefinitionRule
{
    public IEnumerable<DefinitionFinding> Check(LintSubject subject) => subject.Activities<NotFoundActivity>().Select(missing => new DefinitionFinding(
        DefinitionSeverity.Warning,
        "unknown-activity",
        missing.Id,
        $"This server has no activity '{missing.MissingTypeName}'; a run that comes to '{missing.Id}' faults. Install the package that brings it, or take the activity out."));
}

/// <summary>Arrows from ports that do not exist.</summary>
internal sealed class ConnectionRule : IDefinitionRule
{
    public IEnumerable<DefinitionFinding> Check(LintSubject subject) =>
        from flowchart in subject.Activities<Flowchart>()
        from connection in flowchart.Connections
        let ports = PortsOf(subject.Graph.FindNodeByActivity(connection.Source.Activity)!)
        let port = connection.Source.Port ?? "Done"
        where ports is not null && !ports.Contains(port)
        select new DefinitionFinding(
            DefinitionSeverity.Warning,
            "unknown-port",
            connection.Source.Activity.Id,
            $"An arrow leaves '{connection.Source.Activity.Id}' from the port '{port}', which it does not have, so it is never followed. "
            + $"Draw it from one of: {string.Join(", ", ports.Order(StringComparer.Ordinal))}.");

    /// <summary>The outcomes an activity may have; null where they depend on what is only known when it runs.</summary>
    private static HashSet<string>? PortsOf(ActivityNode node)
    {
        if (node.Activity is NotFoundActivity || node.Descriptor.Inputs.Any(DecidesPorts))
        {
            return null;
        }

        var ports = node.Descriptor.Ports.Where(port => port.Type is PortType.Flow).Select(port => port.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var input in node.Descriptor.Inputs)
        {
            if (PartShape.Of(input.Type) is { } parts)
            {
                ports.UnionWith(LabelsOf(parts, input.ValueGetter(node.Activity)));
            }
            else if (input.UIHint == InputUIHints.DynamicOutcomes)
            {
                if (LintSubject.LiteralList(node, input.Name) is not { } outcomes)
                {
                    return null;
                }

                ports.UnionWith(outcomes);
                ports.Add("Done");
            }
        }

        if (ports.Count == 0)
        {
            ports.Add("Done");
        }

        return ports;
    }

    /// <summary>Inputs from which an activity makes ports in its own way: switches that add one, lists of codes.</summary>
    private static bool DecidesPorts(InputDescriptor input) => input.UIHint == InputUIHints.MultiText || (!input.IsWrapped && input.Type == typeof(bool));

    private static IEnumerable<string> LabelsOf(PartShape shape, object? parts)
    {
        var label = shape.HoldsActivities ? null : shape.Properties.FirstOrDefault(property => property.Name == "Label" && property.PropertyType == typeof(string));
        return label is null || parts is not System.Collections.IEnumerable items ? [] : items.Cast<object>().Select(item => label.GetValue(item)).OfType<string>();
    }
}

/// <summary>Where a flowchart begins, and what is not reached from there.</summary>
internal sealed class StartRule : IDefinitionRule
{
    public IEnumerable<DefinitionFinding> Check(LintSubject subject) => subject.Activities<Flowchart>().SelectMany(Check);

    private static IEnumerable<DefinitionFinding> Check(Flowchart flowchart)
    {
        var said = flowchart.Activities.Where(activity => activity == flowchart.Start || activity is IStartNode or Activity { CanStartWorkflow: true }).ToArray();
        var entries = flowchart.Activities.Where(activity => flowchart.Connections.All(connection => connection.Target.Activity != activity)).ToArray();
        if (said.Length == 0 && entries.Length > 1)
        {
            yield return new DefinitionFinding(
                DefinitionSeverity.Warning,
                "ambiguous-start",
                flowchart.Id,
                $"Several activities of '{flowchart.Id}' have no arrow into them ({Names(entries)}), and none is marked as the start; "
                + $"it begins at '{entries[0].Id}'. Add a Start activity.");
        }

        var reached = Reach(flowchart, said.Length > 0 ? said : [.. entries.Take(1)]);
        foreach (var activity in flowchart.Activities.Where(activity => !reached.Contains(activity)))
        {
            yield return new DefinitionFinding(
                DefinitionSeverity.Warning, "unreachable", activity.Id, $"No arrow leads from the start to '{activity.Id}', so it never runs. Draw one, or take the activity out.");
        }
    }

    private static HashSet<IActivity> Reach(Flowchart flowchart, IActivity[] starts)
    {
        var outbound = flowchart.Connections.ToLookup(connection => connection.Source.Activity, connection => connection.Target.Activity);
        var reached = starts.Length > 0 ? starts.ToHashSet() : [.. flowchart.Activities.Take(1)];
        var open = new Queue<IActivity>(reached);
        while (open.TryDequeue(out var activity))
        {
            foreach (var next in outbound[activity].Where(reached.Add))
            {
                open.Enqueue(next);
            }
        }

        return reached;
    }

    private static string Names(IEnumerable<IActivity> activities) => string.Join(", ", activities.Select(activity => $"'{activity.Id}'"));
}

/// <summary>Circles that never end and never wait.</summary>
internal sealed class BusyLoopRule : IDefinitionRule
{
    /// <summary>Activities that complete at once, whatever their inputs are.</summary>
    private static readonly HashSet<string> Immediate = new(
        [
            "Elsa.Start", "Elsa.WriteLine", "Elsa.SetVariable", "Elsa.SetName", "Elsa.SetOutput", "Elsa.Correlate", "Elsa.FlowDecision", "Elsa.FlowFork",
            "Elsa.FlowJoin", "Elsa.FlowSwitch", "Elsa.RunJavaScript", "Elsa.RunCSharp", "Elsa.PublishEvent",
        ],
        StringComparer.Ordinal);

    public IEnumerable<DefinitionFinding> Check(LintSubject subject) => subject.Activities<Flowchart>().SelectMany(Check);

    private static IEnumerable<DefinitionFinding> Check(Flowchart flowchart)
    {
        var outbound = flowchart.Connections.ToLookup(connection => connection.Source.Activity, connection => connection.Target.Activity);
        var reported = new HashSet<IActivity>();
        foreach (var activity in flowchart.Activities)
        {
            var ahead = Ahead(activity, outbound);
            if (!ahead.Contains(activity) || reported.Overlaps(ahead) || !ahead.All(next => Immediate.Contains(next.Type) && Ahead(next, outbound).Contains(activity)))
            {
                continue;
            }

            reported.UnionWith(ahead);
            yield return new DefinitionFinding(
                DefinitionSeverity.Warning,
                "busy-loop",
                activity.Id,
                $"The circle through '{activity.Id}' has no way out and never waits, so a run in it never ends. Add a way out, or a Delay or an Event.");
        }
    }

    private static HashSet<IActivity> Ahead(IActivity activity, ILookup<IActivity, IActivity> outbound)
    {
        var ahead = new HashSet<IActivity>();
        var open = new Queue<IActivity>([activity]);
        while (open.TryDequeue(out var current))
        {
            foreach (var next in outbound[current].Where(ahead.Add))
            {
                open.Enqueue(next);
            }
        }

        return ahead;
    }
}
