using System.Globalization;
using System.Text.Json;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Benchmarks;

/// <summary>Costs nothing itself, so that what is measured is the engine.</summary>
[Activity("SpeElsa.Benchmarks", "Benchmarks", "Counts itself.")]
public sealed class Trivial : CodeActivity
{
    private static long _executed;

    /// <summary>How often one was executed in this process.</summary>
    public static long Executed => Interlocked.Read(ref _executed);

    /// <summary>Counts one.</summary>
    internal static void Count() => Interlocked.Increment(ref _executed);

    protected override void Execute(ActivityExecutionContext context) => Count();
}

/// <summary>The same, but the engine takes it for one that changes the world: its intent is stored before, and its result after.</summary>
[Activity("SpeElsa.Benchmarks", "Benchmarks", "Counts itself, durably.", Kind = ActivityKind.Task)]
public sealed class Durable : CodeActivity
{
    protected override void Execute(ActivityExecutionContext context) => Trivial.Count();
}

/// <summary>The workflows that are measured.</summary>
internal static class Definitions
{
    /// <summary>Steps one after the other, and a wait.</summary>
    public static string Sequence(string id, int steps, bool durable)
    {
        var wait = new { id = "wait", type = "Elsa.Event", version = 1, eventName = new { typeName = "String", expression = new { type = "Literal", value = "go" } } };
        return Write(id, new { id = "root", type = "Elsa.Sequence", version = 1, activities = Steps(steps, durable).Append(wait) });
    }

    /// <summary>Steps one after the other, as a drawn flowchart.</summary>
    public static string Flowchart(string id, int steps) => Write(id, new
    {
        id = "root",
        type = "Elsa.Flowchart",
        version = 1,
        start = "step1",
        activities = Steps(steps, durable: false),
        connections = Enumerable.Range(1, steps - 1).Select(number => new { source = new { activity = Name(number), port = "Done" }, target = new { activity = Name(number + 1), port = "In" } }),
    });

    /// <summary>Stores and publishes one.</summary>
    public static async Task<DefinitionRecord> PublishAsync(IServiceProvider services, string json, string id, CancellationToken cancellationToken)
    {
        var draft = DefinitionJson.ToDraft(DefinitionJson.Parse(json), id, TimeProvider.System.GetUtcNow());
        var saved = await services.GetRequiredService<IDefinitionStore>().SaveDraftAsync(draft, null, cancellationToken);
        var result = await services.GetRequiredService<DefinitionPublisher>().PublishAsync(saved.Latest!, null, cancellationToken);
        return result.Version ?? throw new InvalidOperationException(string.Join(" ", result.Findings.Select(finding => finding.Message)));
    }

    private static IEnumerable<object> Steps(int count, bool durable) =>
        Enumerable.Range(1, count).Select(number => new { id = Name(number), type = durable ? "SpeElsa.Benchmarks.Durable" : "SpeElsa.Benchmarks.Trivial", version = 1 });

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"step{number}");

    private static string Write(string id, object root) => JsonSerializer.Serialize(new { id = $"{id}-v1", definitionId = id, name = id, version = 1, root });
}
