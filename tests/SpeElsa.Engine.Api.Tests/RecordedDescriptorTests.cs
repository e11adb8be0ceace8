using System.Text.Json.Nodes;
using Elsa.Http;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Api.Http;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Serialization;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Api.Tests;

/// <summary>Our HTTP activities beside those of a real Elsa 3.8 server.</summary>
public sealed class RecordedDescriptorTests
{
    /// <summary>Where ours differs ("*" is any name) and why.</summary>
    private static readonly (string Path, string Reason)[] Allowed =
    [
        ("description", "our own words"),
        ("inputs.*.description", "our own words"),
        ("outputs.*.description", "our own words"),
        ("outputs.Result.typeName", "plain data: a request or response object would be gone after a restart"),
        ("outputs.Result.isSerializable", "plain data is kept"),
        ("Elsa.HttpEndpoint/outputs.File", "plain data"),
        ("Elsa.HttpEndpoint/outputs.Files", "plain data"),
        ("Elsa.HttpEndpoint/inputs.Path.uiSpecifications", "no address of the server stands before the path yet"),
        ("Elsa.WriteHttpResponse/inputs.StatusCode.uiSpecifications.dropdown", "each code once"),
        ("customProperties.ResilienceCategory", "no resilience strategies: a retry is the workflow's"),
        ("customProperties.Resilient", "no resilience strategies"),
        ("inputs.EnableResiliency", "no resilience strategies; obsolete in Elsa too"),
    ];

    [Theory]
    [InlineData("Elsa.HttpEndpoint")]
    [InlineData("Elsa.WriteHttpResponse")]
    [InlineData("Elsa.SendHttpRequest")]
    [InlineData("Elsa.FlowSendHttpRequest")]
    public async Task An_HTTP_activity_is_described_as_Elsa_describes_it(string typeName)
    {
        using var stream = typeof(RecordedDescriptorTests).Assembly.GetManifestResourceStream("descriptors-activities.json")!;
        var recorded = (await JsonNode.ParseAsync(stream))!.AsArray().Single(descriptor => (string)descriptor!["typeName"]! == typeName)!;
        var registry = new ActivityRegistry();
        registry.AddFrom(typeof(HttpEndpoint).Assembly);
        await using var services = new ServiceCollection().AddWorkflowEngine().AddWorkflowHttp().BuildServiceProvider();
        var model = await services.GetRequiredService<ActivityDescriptorModels>().CreateAsync(registry.Find(typeName, 1)!, default);

        Assert.Equal("", string.Join("\n", RecordedDescriptors.Differences(recorded, JsonNode.Parse(EngineJson.Write(model))!, Allowed.Select(difference => difference.Path))));
    }
}
