using System.Collections.Concurrent;
using System.Reflection;
using Elsa.Workflows;
using Elsa.Workflows.Models;

namespace SpeElsa.Engine.Definitions;

/// <summary>The activity types this host knows, by stored name and version.</summary>
public sealed class ActivityRegistry
{
    private readonly ConcurrentDictionary<(string TypeName, int Version), ActivityDescriptor> _byName = new();
    private readonly ConcurrentDictionary<Type, ActivityDescriptor> _byType = new();

    /// <summary>Knows the engine's own activities.</summary>
    public ActivityRegistry() => AddFrom(typeof(ActivityRegistry).Assembly);

    /// <summary>All types, by name and version.</summary>
    public IReadOnlyList<ActivityDescriptor> List() =>
        [.. _byName.Values.OrderBy(descriptor => descriptor.TypeName, StringComparer.Ordinal).ThenBy(descriptor => descriptor.Version)];

    /// <summary>Adds all activities of an assembly.</summary>
    /// <exception cref="InvalidOperationException">Two classes have the same stored name and version.</exception>
    public void AddFrom(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        foreach (var type in assembly.GetTypes().Where(IsActivity))
        {
            Add(type);
        }
    }

    /// <summary>Adds an activity class.</summary>
    /// <exception cref="InvalidOperationException">Another class has the same stored name and version.</exception>
    public void Add(Type type)
    {
        var descriptor = Describe(type);
        if (_byName.GetOrAdd((descriptor.TypeName, descriptor.Version), descriptor).ClrType != type)
        {
            throw new InvalidOperationException($"{type.FullName} and another class are both stored as {descriptor.TypeName} version {descriptor.Version}.");
        }
    }

    /// <summary>Finds a type; without that version the newest older one, else the oldest.</summary>
    public ActivityDescriptor? Find(string typeName, int version = 0) => _byName.TryGetValue((typeName, version), out var exact)
        ? exact
        : _byName.Values.Where(descriptor => descriptor.TypeName == typeName)
            .OrderByDescending(descriptor => descriptor.Version <= version || version == 0)
            .ThenByDescending(descriptor => descriptor.Version)
            .FirstOrDefault();

    /// <summary>Describes a class, known by name or not.</summary>
    public ActivityDescriptor Describe(Type type) => _byType.GetOrAdd(type, ActivityDescriber.Describe);

    private static bool IsActivity(Type type) =>
        type is { IsAbstract: false, IsGenericTypeDefinition: false, IsPublic: true }
        && typeof(IActivity).IsAssignableFrom(type)
        && type.GetConstructor(Type.EmptyTypes) is not null;
}
