using System.Text.Json;
using System.Text.Json.Nodes;
using Elsa.Workflows;
using SpeElsa.Engine.Definitions;

namespace SpeElsa.Activities.Tests.Undo;

/// <summary>Nothing that changes something leaves open how it is undone.</summary>
public sealed class UndoStatementTests
{
    private static readonly MoveFacts Move = new("0123456789ab", "spe-old", "spe-new", null);

    public static TheoryData<string> Definitions => [.. Directory.EnumerateFiles(Path.GetDirectoryName(DefinitionFile.Path)!, "*.json").Select(file => Path.GetFileName(file)!)];

    public static TheoryData<Type> Steps => [.. typeof(MoveStep).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(MoveStep)) && !type.IsAbstract)];

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_step_is_undone_by_steps_or_says_in_words_why_not(Type type)
    {
        var registry = new ActivityRegistry();
        registry.AddFrom(typeof(MoveStep).Assembly);
        var isCheck = registry.List().Single(descriptor => descriptor.ClrType == type).Kind is ActivityKind.Action;
        foreach (var machine in new[] { "spe-old", "spe-new" })
        {
            var undo = new StepHistory(Facts(machine, acted: true), (MoveStep)Activator.CreateInstance(type)!).Undo;
            Assert.True(undo.Kind is UndoKind.Steps ? undo.Steps.Count > 0 : undo.Why.Length > 10, $"{type.Name} on {machine}");
            Assert.All(undo.Steps, step => Assert.NotNull(registry.Find(step.Type)));
            Assert.True(!isCheck || undo.Kind is UndoKind.Nothing, type.Name);
        }

        var found = new StepHistory(Facts("spe-new", acted: false), (MoveStep)Activator.CreateInstance(type)!).Undo;
        Assert.NotEqual(UndoKind.Steps, found.Kind);
    }

    [Theory]
    [MemberData(nameof(Definitions))]
    public void A_task_of_a_shipped_definition_says_how_it_is_undone(string file)
    {
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(DefinitionFile.Path)!, file)))!;
        foreach (var task in Tasks(json["root"]))
        {
            var facts = Facts("spe-old", acted: true) with
            {
                ActivityId = (string)task["id"]!,
                Inputs = task.Where(pair => pair.Value is JsonObject value && value["expression"] is not null)
                    .ToDictionary(pair => pair.Key, pair => JsonSerializer.SerializeToElement((string?)pair.Value!["expression"]!["value"]), StringComparer.OrdinalIgnoreCase),
            };
            Assert.True(facts.Text("Undo") is HumanTask.UndoNothing or HumanTask.UndoTask or HumanTask.UndoStays, $"{file}: {task["id"]} does not say how it is undone");
            var undo = HumanTask.UndoOf(facts);
            Assert.True(
                undo.Kind is UndoKind.Steps ? undo.Steps.All(step => step.Title.Length > 0) && facts.Text("UndoInstructions").Length > 0 : facts.Text("UndoReason").Length > 10,
                $"{file}: {task["id"]} does not say in words how it is undone");
        }
    }

    internal static StepFacts Facts(string machine, bool acted) => new()
    {
        Move = Move,
        ExecutionId = "1",
        ActivityId = "step",
        Name = "The step",
        HasEnded = true,
        MayHaveActed = acted,
        Inputs = new Dictionary<string, JsonElement>(StringComparer.OrdinalIgnoreCase)
        {
            ["Machine"] = JsonSerializer.SerializeToElement(machine),
            ["Source"] = JsonSerializer.SerializeToElement("spe-old"),
            ["Target"] = JsonSerializer.SerializeToElement("spe-new"),
            ["Role"] = JsonSerializer.SerializeToElement(Roles.InstanceHost),
        },
    };

    private static IEnumerable<JsonObject> Tasks(JsonNode? node) => node switch
    {
        JsonObject value => value.SelectMany(pair => Tasks(pair.Value)).Concat((string?)(value["type"] as JsonValue) == "SpeElsa.HumanTask" ? [value] : []),
        JsonArray items => items.SelectMany(Tasks),
        _ => [],
    };
}
