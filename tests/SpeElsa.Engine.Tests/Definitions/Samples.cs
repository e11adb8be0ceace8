using Elsa.Workflows.Models;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Tests.Definitions;

/// <summary>Definitions as the real designer sends them and a real Elsa 3.8 server answers them, and what reads and writes them.</summary>
internal static class Samples
{
    public static ActivityRegistry Registry { get; } = CreateRegistry();

    public static TypeAliases Aliases { get; } = new();

    public static DefinitionReader Reader { get; } = new(Registry, Aliases);

    public static DefinitionWriter Writer { get; } = new(Registry, Aliases);

    public static IEnumerable<string> Names =>
        typeof(Samples).Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".json", StringComparison.Ordinal) && !name.StartsWith("descriptors", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    public static string Text(string name)
    {
        using var stream = typeof(Samples).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    public static WorkflowGraph Read(string json) => Reader.Read(json, new WorkflowIdentity("some", 1, "v1"));

    private static ActivityRegistry CreateRegistry()
    {
        var registry = new ActivityRegistry();
        registry.AddFrom(typeof(Samples).Assembly);
        return registry;
    }
}
