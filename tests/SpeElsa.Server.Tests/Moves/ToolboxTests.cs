using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SpeElsa.Server.Tests.Harness;

namespace SpeElsa.Server.Tests.Moves;

/// <summary>What the designer shows of each activity, built in or ours, before anybody has drawn anything.</summary>
public sealed class ToolboxTests
{
    /// <summary>Lists whose choices are an expression's and not ours; they are empty in Elsa too.</summary>
    private static readonly string[] OpenLists = ["Elsa.ForEach.Items", "Elsa.RunTask.Payload"];

    private static readonly string[] Lists = ["dropdown", "checklist", "radiolist"];

    private static readonly string[] MachineInputs = ["Machine", "Source", "Target", "OnlyIfOff"];

    [Fact]
    public async Task Every_activity_says_what_it_is_and_offers_what_can_be_chosen()
    {
        await using var server = await ServerProcess.StartAsync();
        var all = await ItemsAsync(server);

        Assert.InRange(all.Length, 60, 200);
        Assert.Empty(all.SelectMany(Missing));
        Assert.Equal(["spe-new", "spe-old"], ChoicesOf(Input(all, "SpeElsa.StopService", "Machine")).Select(choice => (string)choice!["value"]!));
        Assert.All(
            Ours(all).SelectMany(activity => Inputs(activity).Where(input => MachineInputs.Contains((string)input["name"]!))),
            input => Assert.Equal(2, ChoicesOf(input).Count));
        Assert.Equal(
            ["Management Server=managementServer", "Instance Host=instanceHost", "Client Access Server=clientAccessServer"],
            ChoicesOf(Input(all, "SpeElsa.StartService", "Role")).Select(choice => $"{choice!["text"]}={choice["value"]}"));
        Assert.Equal("powershell", (string?)Input(all, "SpeElsa.RunScript", "Script")["uiSpecifications"]?["code-editor"]?["language"]);
        Assert.Equal(
            ["Elsa.SendEmail: Email", "SpeElsa.RunScript: Your own steps"],
            all.Select(activity => $"{activity["typeName"]}: {activity["category"]}").Where(line => line.Contains("Email", StringComparison.Ordinal) || line.Contains("own", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_task_can_be_given_to_each_role_that_may_complete_tasks_and_to_no_other()
    {
        await using var server = await ServerProcess.StartAsync();
        var offered = ChoicesOf(Input(await ItemsAsync(server), "SpeElsa.HumanTask", "Role")).Select(choice => (string)choice!["value"]!);
        var roles = (await server.Client.GetFromJsonAsync<JsonObject>("/elsa/api/identity/roles", TestContext.Current.CancellationToken))!["roles"]!.AsArray();

        Assert.Equal(
            roles.Where(role => role!["permissions"]!.AsArray().Any(permission => (string)permission! is "*" or "tasks:complete")).Select(role => (string)role!["id"]!).Order(StringComparer.Ordinal),
            offered.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<JsonObject> Ours(IEnumerable<JsonObject> all) => all.Where(activity => ((string)activity["typeName"]!).StartsWith("SpeElsa.", StringComparison.Ordinal));

    private static IEnumerable<JsonObject> Inputs(JsonObject activity) => activity["inputs"]!.AsArray().OfType<JsonObject>();

    private static JsonObject Input(IEnumerable<JsonObject> all, string type, string name) =>
        Inputs(all.Single(activity => (string)activity["typeName"]! == type)).Single(input => (string)input["name"]! == name);

    private static JsonArray ChoicesOf(JsonObject input) => input["uiSpecifications"]?[(string)input["uiHint"]!]?["selectList"]?["items"]?.AsArray() ?? [];

    /// <summary>What an activity does not say.</summary>
    private static IEnumerable<string> Missing(JsonObject activity)
    {
        var type = (string)activity["typeName"]!;
        var unsaid = Unsaid(activity, type, "displayName", "category", "description")
            .Concat(Inputs(activity).Where(IsShown).SelectMany(input => Unsaid(input, $"{type}.{input["name"]}", "displayName", "description", "uiHint")))
            .Concat(activity["outputs"]!.AsArray().OfType<JsonObject>().Where(IsShown).SelectMany(output => Unsaid(output, $"{type}.{output["name"]}", "displayName", "description")))
            .Concat(activity["ports"]!.AsArray().OfType<JsonObject>().SelectMany(port => Unsaid(port, $"{type}:{port["name"]}", "name", "displayName")));
        return unsaid.Concat(Inputs(activity)
            .Where(input => Lists.Contains((string)input["uiHint"]!) && !OpenLists.Contains($"{type}.{input["name"]}") && IsWithoutChoices(input))
            .Select(input => $"{type}.{input["name"]} has nothing to choose from"));
    }

    private static bool IsWithoutChoices(JsonObject input) =>
        input["uiSpecifications"] is not JsonObject specifications || specifications[(string)input["uiHint"]!] is null && specifications.Count == 0;

    private static bool IsShown(JsonObject property) => (bool?)property["isBrowsable"] is not false;

    private static IEnumerable<string> Unsaid(JsonObject what, string name, params string[] members) =>
        members.Where(member => string.IsNullOrWhiteSpace((string?)what[member])).Select(member => $"{name} has no {member}");

    private static async Task<JsonObject[]> ItemsAsync(ServerProcess server) =>
        [.. (await server.Client.GetFromJsonAsync<JsonObject>("/elsa/api/descriptors/activities", TestContext.Current.CancellationToken))!["items"]!.AsArray().OfType<JsonObject>()];
}
