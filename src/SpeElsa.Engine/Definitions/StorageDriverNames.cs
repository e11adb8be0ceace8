using Elsa.Workflows;
using Elsa.Workflows.Services;

namespace SpeElsa.Engine.Definitions;

/// <summary>The stored names of storage drivers: the short name of Elsa's class. The long form is understood too.</summary>
internal static class StorageDriverNames
{
    private static readonly Dictionary<string, Type> Known = new Type[] { typeof(WorkflowInstanceStorageDriver), typeof(MemoryStorageDriver), typeof(WorkflowStorageDriver) }
        .ToDictionary(type => type.Name, StringComparer.Ordinal);

    public static Type? Resolve(string? name) => name is null ? null : Known.GetValueOrDefault(name.Split(',')[0].Split('.')[^1].Trim());

    public static string? NameOf(Type? driver) => driver?.Name;
}
