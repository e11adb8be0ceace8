using System.Collections.Concurrent;
using System.Reflection;
using Elsa.Expressions.Models;
using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Activities;
using Elsa.Workflows.Attributes;

namespace SpeElsa.Engine.Definitions;

/// <summary>Where the activities of an activity class are held; the same for whoever reads, writes or walks definitions.</summary>
internal sealed class ActivityShape
{
    private static readonly ConcurrentDictionary<Type, ActivityShape> Known = new();

    private ActivityShape(Type type)
    {
        // By name: the order of reflection is not promised, and ids follow from the order of the walk.
        var properties = type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0 && !IsStartOfFlowchart(property))
            .OrderBy(property => property.Name, StringComparer.Ordinal)
            .ToArray();
        Embedded = [.. properties.Where(property => typeof(IActivity).IsAssignableFrom(property.PropertyType))];
        Stored = type.IsDefined(typeof(JsonIgnoreCompositeRootAttribute), inherit: true) ? [.. Embedded.Where(property => property.Name != "Root")] : Embedded;
        Lists = [.. properties.Where(property => typeof(IEnumerable<IActivity>).IsAssignableFrom(property.PropertyType))];
        Parts = [.. properties.Where(property => PartShape.Of(property.PropertyType) is { HoldsActivities: true })];
    }

    /// <summary>Properties that hold one activity.</summary>
    public IReadOnlyList<PropertyInfo> Embedded { get; }

    /// <summary>Those of <see cref="Embedded"/> that are part of a definition's JSON; the others are made by the class.</summary>
    public IReadOnlyList<PropertyInfo> Stored { get; }

    /// <summary>Properties that hold a list of activities.</summary>
    public IReadOnlyList<PropertyInfo> Lists { get; }

    /// <summary>Properties that hold a list of parts with an activity each, such as the cases of a switch.</summary>
    public IReadOnlyList<PropertyInfo> Parts { get; }

    public static ActivityShape Of(Type type) => Known.GetOrAdd(type, static key => new ActivityShape(key));

    /// <summary>A flowchart's start is one of its activities, so it is not a child of its own.</summary>
    private static bool IsStartOfFlowchart(PropertyInfo property) => property.DeclaringType == typeof(Flowchart) && property.Name == nameof(Flowchart.Start);
}

/// <summary>What the items of a collection are made of, where they are more than plain values: they hold activities or expressions.</summary>
internal sealed class PartShape
{
    private static readonly ConcurrentDictionary<Type, PartShape?> Known = new();

    private PartShape(Type itemType, PropertyInfo[] properties)
    {
        ItemType = itemType;
        Properties = properties;
    }

    public Type ItemType { get; }

    public IReadOnlyList<PropertyInfo> Properties { get; }

    public bool HoldsActivities => Properties.Any(IsActivity);

    /// <summary>The shape of a collection's items, or null where they are plain values.</summary>
    public static PartShape? Of(Type collectionType) => Known.GetOrAdd(collectionType, static type => Find(type));

    public static bool IsActivity(PropertyInfo property) => typeof(IActivity).IsAssignableFrom(property.PropertyType);

    public static bool IsExpression(PropertyInfo property) => property.PropertyType == typeof(Expression);

    private static PartShape? Find(Type type)
    {
        var itemType = type == typeof(string)
            ? null
            : type.GetInterfaces().Append(type)
                .FirstOrDefault(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IEnumerable<>))?
                .GetGenericArguments()[0];
        if (itemType is null || !itemType.IsClass || typeof(IActivity).IsAssignableFrom(itemType) || itemType.GetConstructor(Type.EmptyTypes) is null)
        {
            return null;
        }

        PropertyInfo[] properties =
        [
            .. itemType.GetProperties(BindingFlags.Instance | BindingFlags.Public)
                .Where(property => property is { CanRead: true, CanWrite: true } && property.GetIndexParameters().Length == 0)
                .OrderBy(property => property.Name, StringComparer.Ordinal),
        ];
        return properties.Any(property => IsActivity(property) || IsExpression(property)) ? new PartShape(itemType, properties) : null;
    }
}
