using System.Reflection;
using Elsa.Workflows.Models;

namespace Elsa.Workflows;

/// <summary>Brings activity types.</summary>
public interface IActivityProvider
{
    /// <summary>The types it brings now.</summary>
    ValueTask<IEnumerable<ActivityDescriptor>> GetDescriptorsAsync(CancellationToken cancellationToken = default);
}

/// <summary>The activity types this host knows. They may come and go while it runs.</summary>
public interface IActivityRegistry : IActivityProvider
{
    /// <summary>Adds a type, or replaces the one of the same name and version.</summary>
    void Add(Type providerType, ActivityDescriptor descriptor);

    /// <summary>Removes a type.</summary>
    void Remove(Type providerType, ActivityDescriptor descriptor);

    /// <summary>All types.</summary>
    IEnumerable<ActivityDescriptor> ListAll();

    /// <summary>The types of a provider.</summary>
    IEnumerable<ActivityDescriptor> ListByProvider(Type providerType);

    /// <summary>Finds the newest version of a type.</summary>
    ActivityDescriptor? Find(string type);

    /// <summary>Finds a version of a type; without that version the newest older one, else the newest.</summary>
    ActivityDescriptor? Find(string type, int version);

    /// <summary>Finds the first type that fits.</summary>
    ActivityDescriptor? Find(Func<ActivityDescriptor, bool> predicate);

    /// <summary>Finds the types that fit.</summary>
    IEnumerable<ActivityDescriptor> FindMany(Func<ActivityDescriptor, bool> predicate);

    /// <summary>Adds a type that no provider brings.</summary>
    void Register(ActivityDescriptor descriptor);

    /// <summary>Adds an activity class.</summary>
    Task RegisterAsync(Type activityType, CancellationToken cancellationToken = default);

    /// <summary>Adds activity classes.</summary>
    Task RegisterAsync(IEnumerable<Type> activityTypes, CancellationToken cancellationToken = default);

    /// <summary>Asks the providers again; what one no longer brings is removed.</summary>
    Task RefreshDescriptorsAsync(IEnumerable<IActivityProvider> activityProviders, CancellationToken cancellationToken = default);

    /// <summary>Asks a provider again; what it no longer brings is removed.</summary>
    Task RefreshDescriptorsAsync(IActivityProvider activityProvider, CancellationToken cancellationToken = default);

    /// <summary>Asks a provider unless it was asked before.</summary>
    Task EnsureDescriptorsAsync(IActivityProvider activityProvider, CancellationToken cancellationToken = default);

    /// <summary>Removes all types.</summary>
    void Clear();

    /// <summary>Removes the types of a provider.</summary>
    void ClearProvider(Type providerType);
}

/// <summary>Changes descriptors before they are added, for example to hide a type from the designer.</summary>
public interface IActivityDescriptorModifier
{
    /// <summary>Changes the descriptor.</summary>
    void Modify(ActivityDescriptor descriptor);
}

/// <summary>Gives defaults that are not constants.</summary>
public interface IActivityPropertyDefaultValueProvider
{
    /// <summary>The value of an input when none is given.</summary>
    object GetDefaultValue(PropertyInfo property);
}
