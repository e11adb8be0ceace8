using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using Elsa.Workflows;
using Elsa.Workflows.Models;

namespace SpeElsa.Engine.Definitions;

/// <summary>The activity types this host knows, by stored name and version. Safe for concurrent use: readers see one state or the next.</summary>
public sealed class ActivityRegistry : IActivityRegistry
{
    private readonly ConcurrentDictionary<Type, ActivityDescriptor> _byType = new();
    private readonly IActivityDescriptorModifier[] _modifiers;
    private readonly Lock _lock = new();
    private volatile FrozenDictionary<(string TypeName, int Version), Entry> _entries = FrozenDictionary<(string TypeName, int Version), Entry>.Empty;

    /// <summary>Knows the engine's own activities.</summary>
    public ActivityRegistry()
        : this([])
    {
    }

    /// <summary>Knows the engine's own activities.</summary>
    /// <param name="modifiers">Change every descriptor that is added.</param>
    public ActivityRegistry(IEnumerable<IActivityDescriptorModifier> modifiers)
    {
        _modifiers = [.. modifiers];
        AddFrom(typeof(ActivityRegistry).Assembly);
    }

    /// <summary>All types, by name and version.</summary>
    public IReadOnlyList<ActivityDescriptor> List() =>
        [.. _entries.Values.Select(entry => entry.Descriptor).OrderBy(descriptor => descriptor.TypeName, StringComparer.Ordinal).ThenBy(descriptor => descriptor.Version)];

    /// <inheritdoc />
    public IEnumerable<ActivityDescriptor> ListAll() => List();

    /// <inheritdoc />
    public IEnumerable<ActivityDescriptor> ListByProvider(Type providerType) =>
        _entries.Values.Where(entry => entry.Provider == providerType).Select(entry => entry.Descriptor);

    /// <summary>Adds all activities of an assembly.</summary>
    /// <exception cref="InvalidOperationException">Two classes have the same stored name and version.</exception>
    public void AddFrom(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        AddTypes([.. assembly.GetTypes().Where(IsActivity)]);
    }

    /// <summary>Adds an activity class.</summary>
    /// <exception cref="InvalidOperationException">Another class has the same stored name and version.</exception>
    public void Add(Type type) => AddTypes([type]);

    /// <inheritdoc />
    public void Add(Type providerType, ActivityDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        Change(entries => entries[KeyOf(descriptor)] = new Entry(providerType, Modified(descriptor)));
    }

    /// <inheritdoc />
    public void Remove(Type providerType, ActivityDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        Change(entries =>
        {
            if (entries.TryGetValue(KeyOf(descriptor), out var entry) && entry.Provider == providerType)
            {
                entries.Remove(KeyOf(descriptor));
            }
        });
    }

    /// <inheritdoc />
    public void Register(ActivityDescriptor descriptor) => Add(typeof(ActivityRegistry), descriptor);

    /// <inheritdoc />
    public Task RegisterAsync(Type activityType, CancellationToken cancellationToken = default) => RegisterAsync([activityType], cancellationToken);

    /// <inheritdoc />
    public Task RegisterAsync(IEnumerable<Type> activityTypes, CancellationToken cancellationToken = default)
    {
        AddTypes([.. activityTypes]);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public ActivityDescriptor? Find(string type) => Find(type, 0);

    /// <inheritdoc />
    public ActivityDescriptor? Find(string type, int version)
    {
        var entries = _entries;
        return entries.TryGetValue((type, version), out var exact)
            ? exact.Descriptor
            : entries.Values.Select(entry => entry.Descriptor)
                .Where(descriptor => descriptor.TypeName == type)
                .OrderByDescending(descriptor => descriptor.Version <= version || version == 0)
                .ThenByDescending(descriptor => descriptor.Version)
                .FirstOrDefault();
    }

    /// <inheritdoc />
    public ActivityDescriptor? Find(Func<ActivityDescriptor, bool> predicate) => List().FirstOrDefault(predicate);

    /// <inheritdoc />
    public IEnumerable<ActivityDescriptor> FindMany(Func<ActivityDescriptor, bool> predicate) => List().Where(predicate);

    /// <summary>Describes a class, known by name or not.</summary>
    public ActivityDescriptor Describe(Type type) => _byType.GetOrAdd(type, added => Modified(ActivityDescriber.Describe(added)));

    /// <summary>Describes an activity of a graph: by what it is bound to, else by its class.</summary>
    internal ActivityDescriptor Describe(IActivity activity) => (activity as IBoundActivity)?.Descriptor ?? Describe(activity.GetType());

    /// <inheritdoc />
    public async Task RefreshDescriptorsAsync(IEnumerable<IActivityProvider> activityProviders, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(activityProviders);
        foreach (var provider in activityProviders)
        {
            await RefreshDescriptorsAsync(provider, cancellationToken);
        }
    }

    /// <inheritdoc />
    public async Task RefreshDescriptorsAsync(IActivityProvider activityProvider, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(activityProvider);
        var provider = activityProvider.GetType();
        ActivityDescriptor[] descriptors = [.. (await activityProvider.GetDescriptorsAsync(cancellationToken)).Select(Modified)];
        Change(entries =>
        {
            RemoveAll(entries, provider);
            foreach (var descriptor in descriptors)
            {
                // A type of the program keeps its name: a workflow that is called the same does not take its place.
                entries.TryAdd(KeyOf(descriptor), new Entry(provider, descriptor));
            }
        });
    }

    /// <inheritdoc />
    public Task EnsureDescriptorsAsync(IActivityProvider activityProvider, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(activityProvider);
        return ListByProvider(activityProvider.GetType()).Any() ? Task.CompletedTask : RefreshDescriptorsAsync(activityProvider, cancellationToken);
    }

    /// <inheritdoc />
    public void Clear() => Change(entries => entries.Clear());

    /// <inheritdoc />
    public void ClearProvider(Type providerType) => Change(entries => RemoveAll(entries, providerType));

    /// <inheritdoc />
    public ValueTask<IEnumerable<ActivityDescriptor>> GetDescriptorsAsync(CancellationToken cancellationToken = default) => new(ListAll());

    private void AddTypes(Type[] types) => Change(entries =>
    {
        foreach (var type in types)
        {
            var descriptor = Describe(type);
            if (!entries.TryAdd(KeyOf(descriptor), new Entry(typeof(ActivityRegistry), descriptor)) && entries[KeyOf(descriptor)].Descriptor.ClrType != type)
            {
                throw new InvalidOperationException($"{type.FullName} and another class are both stored as {descriptor.TypeName} version {descriptor.Version}.");
            }
        }
    });

    private void Change(Action<Dictionary<(string TypeName, int Version), Entry>> change)
    {
        lock (_lock)
        {
            var entries = new Dictionary<(string TypeName, int Version), Entry>(_entries);
            change(entries);
            _entries = entries.ToFrozenDictionary();
        }
    }

    private ActivityDescriptor Modified(ActivityDescriptor descriptor)
    {
        foreach (var modifier in _modifiers)
        {
            modifier.Modify(descriptor);
        }

        return descriptor;
    }

    private static void RemoveAll(Dictionary<(string TypeName, int Version), Entry> entries, Type provider)
    {
        foreach (var key in entries.Where(pair => pair.Value.Provider == provider).Select(pair => pair.Key).ToArray())
        {
            entries.Remove(key);
        }
    }

    private static (string TypeName, int Version) KeyOf(ActivityDescriptor descriptor) => (descriptor.TypeName, descriptor.Version);

    private static bool IsActivity(Type type) =>
        type is { IsAbstract: false, IsGenericTypeDefinition: false, IsPublic: true }
        && typeof(IActivity).IsAssignableFrom(type)
        && type.GetConstructor(Type.EmptyTypes) is not null;

    private sealed record Entry(Type Provider, ActivityDescriptor Descriptor);
}

/// <summary>An activity that is described by what it is bound to and not by its class.</summary>
internal interface IBoundActivity : IActivity
{
    ActivityDescriptor? Descriptor { get; }
}
