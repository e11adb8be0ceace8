using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using Elsa.Workflows;
using Elsa.Workflows.Activities;
using Elsa.Workflows.Models;

namespace SpeElsa.Engine.Definitions;

/// <summary>Makes the tree of nodes, gives each its path, and each input the name of its memory block.</summary>
internal sealed class GraphBuilder(ActivityRegistry registry)
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> HoldingProperties = new();

    /// <exception cref="InvalidDefinitionException">Two nodes have the same path.</exception>
    public WorkflowGraph Build(Workflow workflow)
    {
        var root = Visit(workflow, "", null, []);
        var twice = root.Descendants().GroupBy(node => node.NodeId, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            throw new InvalidDefinitionException(workflow.Identity.DefinitionId, [$"Two activities have the id '{twice.First().Activity.Id}'; give one of them another."]);
        }

        return new WorkflowGraph(workflow, root);
    }

    private ActivityNode Visit(IActivity activity, string port, ActivityNode? parent, Dictionary<string, int> numbers)
    {
        if (string.IsNullOrEmpty(activity.Id))
        {
            var name = activity.Type.Split('.')[^1];
            numbers[name] = numbers.GetValueOrDefault(name) + 1;
            activity.Id = $"{name}{numbers[name]}";
        }

        var node = new ActivityNode(activity, port, parent);
        activity.NodeId = node.NodeId;
        NameInputs(activity);
        MakeOutputs(activity);
        foreach (var (child, childPort) in ChildrenOf(activity))
        {
            node.Children.Add(Visit(child, childPort, node, numbers));
        }

        return node;
    }

    private void NameInputs(IActivity activity)
    {
        foreach (var descriptor in registry.Describe(activity.GetType()).Inputs)
        {
            if (descriptor.IsWrapped && descriptor.ValueGetter(activity) is Input input && input.MemoryBlockReference() is { Id: "" } reference)
            {
                reference.Id = $"{activity.NodeId}:{descriptor.Name}";
            }
        }
    }

    /// <summary>An output that goes to no variable still goes to the activity's own record, under its own name.</summary>
    private void MakeOutputs(IActivity activity)
    {
        foreach (var descriptor in registry.Describe(activity.GetType()).Outputs.Where(descriptor => descriptor.ValueGetter(activity) is null))
        {
            descriptor.ValueSetter(activity, Activator.CreateInstance(descriptor.PropertyInfo!.PropertyType));
        }
    }

    private static IEnumerable<(IActivity Activity, string Port)> ChildrenOf(IActivity activity)
    {
        foreach (var property in HoldingProperties.GetOrAdd(activity.GetType(), FindHoldingProperties))
        {
            switch (property.GetValue(activity))
            {
                case IActivity child:
                    yield return (child, property.Name);
                    break;
                case IEnumerable<IActivity> children:
                    foreach (var child in children)
                    {
                        yield return (child, property.Name);
                    }

                    break;
                case IEnumerable items:
                    foreach (var item in items)
                    {
                        foreach (var child in PartProperties(item.GetType()).Select(part => part.GetValue(item)).OfType<IActivity>())
                        {
                            yield return (child, property.Name);
                        }
                    }

                    break;
            }
        }
    }

    /// <summary>A flowchart's start is one of its activities, so it is not a child of its own.</summary>
    private static PropertyInfo[] FindHoldingProperties(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property =>
            property.CanRead
            && property.GetIndexParameters().Length == 0
            && property.Name != "Start"
            && (typeof(IActivity).IsAssignableFrom(property.PropertyType)
                || typeof(IEnumerable<IActivity>).IsAssignableFrom(property.PropertyType)
                || HoldsParts(property.PropertyType))),
    ];

    /// <summary>Whether it is a list of parts that embed an activity each, such as the cases of a switch.</summary>
    private static bool HoldsParts(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ICollection<>) && type.GetGenericArguments()[0] is { IsClass: true } item && PartProperties(item).Any();

    private static IEnumerable<PropertyInfo> PartProperties(Type type) =>
        type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => typeof(IActivity).IsAssignableFrom(property.PropertyType));
}
