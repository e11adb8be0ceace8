using System.Text.Json.Nodes;
using Microsoft.Playwright;
using SpeElsa.Browser.Tests.Harness;

namespace SpeElsa.Browser.Tests;

/// <summary>Each kind of editor that an input may have: what is entered is what is stored.</summary>
public sealed class InputEditorTests(Bench bench) : IClassFixture<Bench>
{
    // Studio writes lists as text.
    private const string Two = """["Approved","Denied"]""";

    [Fact]
    public async Task Of_a_human_task_texts_choices_lists_and_JSON_are_entered()
    {
        await using var studio = await OpenAsync("human", "SpeElsa.HumanTask", "Who may do it");
        await studio.SavesAsync(() => TypeAsync(Area(studio, "Who does what, where, with which words and clicks"), "Open the portal\nSign in"));
        await studio.SavesAsync(() => ChooseAsync(studio, "Who may do it", "approver"));
        var outcomes = Field(studio, "The answers to choose from");
        foreach (var outcome in new[] { "Approved", "Denied" })
        {
            await outcomes.FillAsync(outcome);
            await studio.SavesAsync(() => outcomes.PressAsync("Enter"));
        }

        await studio.SavesAsync(() => WriteCodeAsync(studio, "JSON list of {name, label, type: text|multiline|boolean|secret|choice|number|file, required, requiredFor, choices, description, pattern}", """[{"name":"ticket"}]"""));
        await studio.PictureAsync();

        Assert.Equal("Open the portal\nSign in", await ValueAsync("human", "instructions"));
        Assert.Equal("approver", await ValueAsync("human", "role"));
        Assert.Equal(Two, await ValueAsync("human", "outcomes"));
        Assert.Equal("""[{"name":"ticket"}]""", await ValueAsync("human", "fields"));
        await Assertions.Expect(studio.Node("it")).ToContainTextAsync("Denied");
        studio.HasNoFaults();
    }

    [Fact]
    public async Task Of_an_HTTP_endpoint_boxes_are_ticked_and_several_texts_entered()
    {
        await using var studio = await OpenAsync("endpoint", "Elsa.HttpEndpoint", "The methods to accept");
        await studio.SavesAsync(() => Box(studio, "POST").CheckAsync(new() { Force = true }));
        await studio.SavesAsync(() => Box(studio, "PUT").CheckAsync(new() { Force = true }));
        await studio.SavesAsync(() => Box(studio, "Authorize").CheckAsync(new() { Force = true }));
        var endings = Field(studio, "Endings that files may have");
        await endings.FillAsync(".pdf");
        await studio.SavesAsync(() => endings.PressAsync("Enter"));
        await studio.PictureAsync();

        Assert.Equal("""["POST","PUT"]""", await ValueAsync("endpoint", "supportedMethods"));
        Assert.Equal("True", await ValueAsync("endpoint", "authorize"));
        Assert.Equal("""[".pdf"]""", await ValueAsync("endpoint", "allowedFileExtensions"));
        studio.HasNoFaults();
    }

    [Fact]
    public async Task Another_workflow_is_picked()
    {
        await using var studio = await OpenAsync("picker", "Elsa.DispatchWorkflow", "The workflow to start");
        await studio.SavesAsync(() => ChooseAsync(studio, "The workflow to start", "Single-server move"));
        await studio.PictureAsync();

        Assert.Equal("single-server-move", await ValueAsync("picker", "workflowDefinitionId"));
        studio.HasNoFaults();
    }

    [Fact]
    public async Task An_input_with_keys_is_entered_key_by_key()
    {
        await using var studio = await OpenAsync("keys", "Elsa.DispatchWorkflow", "The input of the workflow to start");
        var entries = Input(studio, "The input of the workflow to start");
        await StudioPage.RepeatAsync(entries.GetByRole(AriaRole.Button, new() { Name = "Add entry" }), entries.Locator("td[data-label=Key] input"));
        await TypeAsync(entries.Locator("td[data-label=Key] input").First, "plan");
        await TypeAsync(entries.Locator("td[data-label=Value] input").First, "the plan");
        await studio.SavesAsync(() => entries.Locator("tbody button").First.ClickAsync());
        await studio.PictureAsync();

        Assert.Contains("the plan", (await StoredAsync("keys"))["input"]!.ToJsonString(), StringComparison.Ordinal);
        studio.HasNoFaults();
    }

    [Fact]
    public async Task Cases_of_a_switch_become_its_outcomes()
    {
        await using var studio = await OpenAsync("switch", "Elsa.FlowSwitch", "Whether only the first case that applies is followed, or all that do");
        var row = studio.Page.Locator("#designer tr", new() { Has = studio.Page.Locator("input") }).First;
        await StudioPage.RepeatAsync(studio.Page.Locator("#designer").GetByRole(AriaRole.Button, new() { Name = "Add case" }), row);
        await row.Locator("input:visible").First.FillAsync("Large");
        await studio.SavesAsync(() => row.Locator("button").First.ClickAsync());
        await Assertions.Expect(studio.Node("it")).ToContainTextAsync("Large");
        await studio.PictureAsync();

        Assert.Equal("Large", (string)(await StoredAsync("switch"))["cases"]![0]!["label"]!);
        studio.HasNoFaults();
    }

    [Theory]
    [InlineData("Elsa.SetVariable", "The variable to set", "Answer", "variable")]
    [InlineData("Elsa.SetOutput", "The output to write", "Verdict", "outputName")]
    [InlineData("Elsa.Complete", "The outcome, or a list of outcomes, to complete with", "Good", "outcomes")]
    public async Task What_the_workflow_declares_is_offered(string type, string help, string choice, string input)
    {
        await using var studio = await OpenAsync(input, type, help);
        await studio.SavesAsync(() => ChooseAsync(studio, help, choice));

        Assert.Contains(choice, (await StoredAsync(input))[input]!.ToJsonString(), StringComparison.Ordinal);
        await studio.PictureAsync($"{nameof(What_the_workflow_declares_is_offered)}-{input}");
        studio.HasNoFaults();
    }

    [Fact]
    public async Task A_script_is_written_in_a_code_editor()
    {
        await using var studio = await OpenAsync("script", "Elsa.RunJavaScript", "The script to run.");
        await studio.SavesAsync(() => WriteCodeAsync(studio, "The script to run.", "setOutcome('Good')"));

        Assert.Equal("setOutcome('Good')", await ValueAsync("script", "script"));
        studio.HasNoFaults();
    }

    [Fact]
    public async Task A_day_is_chosen_from_a_calendar()
    {
        await using var studio = await OpenAsync("date", "Elsa.StartAt", "When to start");
        await Input(studio, "When to start").GetByRole(AriaRole.Button, new() { Name = "Open" }).ClickAsync();
        await studio.SavesAsync(() => studio.Page.Locator(".mud-popover-open .mud-day", new() { HasText = "15" }).First.ClickAsync());
        await studio.PictureAsync();

        Assert.Contains("15", await ValueAsync("date", "dateTime"), StringComparison.Ordinal);
        studio.HasNoFaults();
    }

    [Fact]
    public async Task An_input_becomes_an_expression()
    {
        await using var studio = await OpenAsync("expression", "Elsa.WriteLine", "The line");
        var menu = Input(studio, "The line").Locator("xpath=ancestor::*[.//button][1]").GetByRole(AriaRole.Button).Last;
        await menu.ClickAsync();
        await studio.SavesAsync(() => studio.MenuItem("JavaScript").ClickAsync());
        await studio.SavesAsync(() => WriteCodeAsync(studio, "The line", "1 + 1"));
        await studio.PictureAsync();

        var line = (await StoredAsync("expression"))["text"]!["expression"]!;
        Assert.Equal(("JavaScript", "1 + 1"), ((string)line["type"]!, (string)line["value"]!));
        studio.HasNoFaults();
    }

    /// <summary>Opens a workflow with one activity of a type, chooses it, and waits for one of its inputs.</summary>
    private async Task<StudioPage> OpenAsync(string id, string type, string help)
    {
        var model = Workflows.Flow(id, id, Workflows.Activity("it", type, "It", 100, 100));
        model["variables"] = new JsonArray(new JsonObject { ["id"] = "v1", ["name"] = "Answer", ["typeName"] = "String", ["isArray"] = false });
        model["outputs"] = new JsonArray(new JsonObject { ["type"] = "String", ["name"] = "Verdict", ["displayName"] = "Verdict" });
        model["outcomes"] = new JsonArray("Good", "Bad");
        await bench.SaveAsync(model, publish: false);
        var studio = await bench.OpenAsync($"/designer/definitions/{id}");
        await studio.Page.SetViewportSizeAsync(1440, 1500);
        await studio.Node("it").ClickAsync();
        await Input(studio, help).ShowsAsync();
        return studio;
    }

    /// <summary>An editor, told by its help text.</summary>
    private static ILocator Input(StudioPage studio, string help) =>
        studio.Page.Locator("#designer .mud-input-control", new() { Has = studio.Page.GetByText(help, new() { Exact = true }) }).Last;

    private static ILocator Field(StudioPage studio, string help) => Input(studio, help).Locator("input:visible").First;

    private static ILocator Area(StudioPage studio, string help) => Input(studio, help).Locator("textarea:visible").First;

    private static ILocator Box(StudioPage studio, string label) => studio.Page.Locator("#designer .mud-checkbox", new() { HasText = label }).Locator("input");

    private static async Task TypeAsync(ILocator field, string text)
    {
        await field.FillAsync(text);
        await field.BlurAsync();
    }

    private static async Task ChooseAsync(StudioPage studio, string help, string choice)
    {
        var option = studio.Page.Locator(".mud-popover-open [role=option], .mud-popover-open .mud-list-item", new() { HasText = choice }).First;
        for (var tries = 1; ; tries++)
        {
            await Input(studio, help).Locator(".mud-input-slot:visible").First.ClickAsync();
            try
            {
                await option.WaitForAsync(new() { Timeout = 3_000 });
                break;
            }
            catch (TimeoutException) when (tries < 8)
            {
                // Studio asks for what there is to choose; a list that is opened before the answer stays empty until it is opened again.
                await studio.Page.Keyboard.PressAsync("Escape");
            }
        }

        await option.ClickAsync();
    }

    private static async Task WriteCodeAsync(StudioPage studio, string help, string code)
    {
        await Input(studio, help).Locator(".view-lines").First.ClickAsync(new() { Force = true });
        await studio.Page.Keyboard.PressAsync("Control+a");
        await studio.Page.Keyboard.InsertTextAsync(code);
    }

    private async Task<JsonObject> StoredAsync(string id) =>
        (await bench.LatestAsync(id))["root"]!["activities"]![0]!.AsObject();

    private async Task<string> ValueAsync(string id, string input) => (await StoredAsync(id))[input]!["expression"]!["value"]!.GetValue<string>();
}
