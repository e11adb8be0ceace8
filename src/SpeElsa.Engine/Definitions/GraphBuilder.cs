using System.Collections;
using System.Globalization;
using Elsa.Workflows;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Models;

namespace SpeElsa.Engine.Definitions;

/// <summary>Makes the tree of nodes, gives each its path, and names what has no name by its place: activities, variables, the blocks of inputs.</summary>
internal sealed class GraphBuilder(ActivityRegistry registry)
{
    /// <exception cref="InvalidDefinitionException">Two nodes have the same path, or an activity is used at two places.</exception>
    public WorkflowGraph Build(Workflow workflow)
    {
        var names = new PlaceNames(workflow);
        var root = Visit(workflow, "", null, names);
        if (names.Errors.Count > 0)
        {
            throw new InvalidDefinitionException(workflow.Identity.DefinitionId, names.Errors);
        }

        var twice = root.Descendants().GroupBy(node => node.NodeId, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            throw new InvalidDefinitionException(workflow.Identity.DefinitionId, [$"Two activities have the id '{twice.First().Activity.Id}'; give one of them another."]);
        }

        return new WorkflowGraph(workflow, root);
    }

    /// <summary>The activities an activity holds, with the property that holds them.</summary>
    public static IEnumerable<(IActivity Activity, string Port)> ChildrenOf(IActivity activity)
    {
        var shape = ActivityShape.Of(activity.GetType());
        foreach (var property in shape.Embedded)
        {
            if (property.GetValue(activity) is IActivity child)
            {
                yield return (child, property.Name);
            }
        }

        foreach (var property in shape.Lists)
        {
            foreach (var child in property.GetValue(activity) as IEnumerable<IActivity> ?? [])
            {
                yield return (child, property.Name);
            }
        }

        foreach (var property in shape.Parts)
        {
            foreach (var child in PartsOf(property.GetValue(activity) as IEnumerable ?? Array.Empty<object>(), PartShape.Of(property.PropertyType)!))
            {
                yield return (child, property.Name);
            }
        }
    }

    private ActivityNode Visit(IActivity activity, string port, ActivityNode? parent, PlaceNames names)
    {
        names.Name(activity);
        var descriptor = registry.Describe(activity);
        var node = new ActivityNode(activity, port, parent) { Descriptor = descriptor };
        activity.NodeId = node.NodeId;
        NameInputs(activity, descriptor);
        MakeOutputs(activity, descriptor);
        if (!names.Enter(activity))
        {
            return node;
        }

        foreach (var (child, childPort) in ChildrenOf(activity))
        {
            node.Children.Add(Visit(child, childPort, node, names));
        }

        return node;
    }

    private static void NameInputs(IActivity activity, ActivityDescriptor descriptor)
    {
        foreach (var input in descriptor.Inputs)
        {
            if (input.IsWrapped && input.ValueGetter(activity) is Input value && value.MemoryBlockReference() is { Id: "" } reference)
            {
                reference.Id = $"{activity.NodeId}:{input.Name}";
            }
        }
    }

    /// <summary>An output that goes to no variable still goes to the activity's own record, under its own name.</summary>
    private static void MakeOutputs(IActivity activity, ActivityDescriptor descriptor)
    {
        foreach (var output in descriptor.Outputs.Where(output => output.ValueGetter(activity) is null))
        {
            output.ValueSetter(activity, Activator.CreateInstance(output.PropertyInfo?.PropertyType ?? typeof(Output<>).MakeGenericType(output.Type)));
        }
    }

    private static IEnumerable<IActivity> PartsOf(IEnumerable items, PartShape shape) =>
        from object item in items
        from property in shape.Properties
        where PartShape.IsActivity(property)
        let child = property.GetValue(item) as IActivity
        where child is not null
        select child;

    /// <summary>Names that follow from the place in the walk, so that code that builds the same workflow gets the same names. Names that were given are left alone.</summary>
    private sealed class PlaceNames
    {
        private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
        private readonly HashSet<IActivity> _entered = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

        public PlaceNames(Workflow workflow)
        {
            var seen = new HashSet<IActivity>(ReferenceEqualityComparer.Instance);
            CollectIds(workflow, seen);
        }

        public List<string> Errors { get; } = [];

        public void Name(IActivity activity)
        {
            if (string.IsNullOrEmpty(activity.Id))
            {
                activity.Id = Next(activity.Type.Split('.')[^1]);
            }

            foreach (var variable in (activity as IVariableContainer)?.Variables ?? [])
            {
                if (variable.Id.Length == 0)
                {
                    variable.Id = variable.Name.Length > 0 ? variable.Name : variable.Name = Next("Variable");
                }
            }
        }

        public bool Enter(IActivity activity)
        {
            if (_entered.Add(activity))
            {
                return true;
            }

            Errors.Add($"Activity '{activity.Id}' is used at two places; make an activity for each");
            return false;
        }

        private string Next(string name)
        {
            string candidate;
            do
            {
                _numbers[name] = _numbers.GetValueOrDefault(name) + 1;
                candidate = name + _numbers[name].ToString(CultureInfo.InvariantCulture);
            }
            while (!_taken.Add(candidate));
            return candidate;
        }

        private void CollectIds(IActivity activity, HashSet<IActivity> seen)
        {
            if (!seen.Add(activity))
            {
                return;
            }

            _taken.Add(activity.Id);
            foreach (var variable in (activity as IVariableContainer)?.Variables ?? [])
            {
                _taken.Add(variable.Name);
            }

            foreach (var (child, _) in ChildrenOf(activity))
            {
                CollectIds(child, seen);
            }
        }
    }
}
