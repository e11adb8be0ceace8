using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Serialization;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Definitions;

/// <summary>Our activity types beside those of a real Elsa 3.8 server, field by field, for every type both have.</summary>
public sealed class RecordedDescriptorTests
{
    private static readonly Dictionary<string, JsonObject> Recorded = JsonNode.Parse(Samples.Text("descriptors-activities.json"))!.AsArray()
        .Cast<JsonObject>().ToDictionary(descriptor => (string)descriptor["typeName"]!, StringComparer.Ordinal);

    /// <summary>Where ours differs ("*" is any name) and why.</summary>
    private static readonly (string Path, string Reason)[] Differences =
    [
        ("description", "our own words"),
        ("inputs.*.description", "our own words"),
        ("outputs.*.description", "our own words"),
        ("Elsa.BulkDispatchWorkflows/inputs.Input.uiHint", "an editor for names and values instead of an empty list of choices"),
        ("Elsa.DispatchWorkflow/inputs.Input.uiHint", "an editor for names and values instead of an empty list of choices"),
        ("Elsa.ExecuteWorkflow/inputs.Input.uiHint", "an editor for names and values instead of an empty list of choices"),
        ("Elsa.Cron/inputs.CronExpression.defaultValue", "a new one comes due once a night and not never"),
        ("Elsa.StartAt/inputs.DateTime.uiHint", "a calendar instead of a line of text"),
        ("Elsa.RunJavaScript/inputs.Script.autoEvaluate", "the activity runs its script itself: designers store it as an expression, which would run twice"),
        ("Elsa.RunCSharp/inputs.Script.autoEvaluate", "as with JavaScript"),
    ];

    public static TheoryData<string> Common => [.. new ActivityRegistry().List().Select(descriptor => descriptor.TypeName).Where(Recorded.ContainsKey)];

    [Theory]
    [MemberData(nameof(Common))]
    public async Task An_activity_type_is_described_as_Elsa_describes_it(string typeName)
    {
        var models = new ServiceCollection().AddWorkflowEngine().BuildServiceProvider().GetRequiredService<ActivityDescriptorModels>();
        var model = await models.CreateAsync(new ActivityRegistry().Find(typeName, 1)!, default);

        Assert.Equal([], RecordedDescriptors.Differences(Recorded[typeName], JsonNode.Parse(EngineJson.Write(model))!, Differences.Select(difference => difference.Path)));
    }
}
