using System.Text.Json.Nodes;
using Microsoft.Playwright;
using SpeElsa.Browser.Tests.Harness;
using SpeElsa.Testing;

namespace SpeElsa.Browser.Tests;

/// <summary>Drawing a workflow.</summary>
public sealed class EditorTests(Bench bench) : IClassFixture<Bench>
{
    private const string SavePicture = "M17 3H5c";
    private const string PublishPicture = "M19.35 10.04";

    [Fact]
    public async Task An_activity_is_dragged_in_and_connected_and_saved_without_asking()
    {
        await bench.SaveAsync(Workflows.Writing("drawing", "Drawing"), publish: false);
        await using var studio = await bench.OpenAsync("/designer/definitions/drawing");
        await studio.RestsAsync("line");
        await studio.Page.Locator(".mud-expand-panel-header", new() { HasText = "Console" }).ClickAsync();
        var source = studio.Page.Locator("[draggable=true]", new() { HasText = "Read Line" });
        await source.ShowsAsync();

        await studio.SavesAsync(() => source.DragToAsync(studio.Page.Locator(".graph-container"), new() { TargetPosition = new() { X = 600, Y = 380 } }));
        var added = Activities(await bench.LatestAsync("drawing")).Single(activity => activity["type"]!.GetValue<string>() == "Elsa.ReadLine")["id"]!.GetValue<string>();
        var from = await CentreAsync(studio.Node("line").Locator("[port-group=out]"));
        var to = await CentreAsync(studio.Node(added).Locator("[port-group=in]"));
        await studio.SavesAsync(() => studio.DragAsync(from.X, from.Y, to.X, to.Y));

        var connection = (await bench.LatestAsync("drawing"))["root"]!["connections"]!.AsArray().Single()!;
        Assert.Equal(("line", added), (connection["source"]!["activity"]!.GetValue<string>(), connection["target"]!["activity"]!.GetValue<string>()));
        await studio.PictureAsync();
        studio.HasNoFaults();
    }

    [Fact]
    public async Task What_was_moved_is_moved_back_by_undo_and_saved_by_hand()
    {
        await bench.SaveAsync(Workflows.Writing("undoing", "Undoing"), publish: false);
        await using var studio = await bench.OpenAsync("/designer/definitions/undoing");
        await studio.RestsAsync("line");
        await studio.Page.GetByLabel("Auto-save").UncheckAsync(new() { Force = true });
        var before = await PlaceAsync(studio.Node("line"));
        await studio.DragAsync(before.X + 150, before.Y + 30, before.X + 150, before.Y + 130);
        await Eventually.GetAsync(() => PlaceAsync(studio.Node("line")), place => place.Y > before.Y + 50);

        await studio.Page.Keyboard.PressAsync("Control+z");
        await Eventually.GetAsync(() => PlaceAsync(studio.Node("line")), place => Math.Abs(place.Y - before.Y) < 1);
        await studio.DragAsync(before.X + 150, before.Y + 30, before.X + 150, before.Y + 130);
        await studio.SavesAsync(() => studio.Tool(SavePicture).ClickAsync());

        Assert.True(Activities(await bench.LatestAsync("undoing")).Single()["metadata"]!["designer"]!["position"]!["y"]!.GetValue<double>() > 150);
        studio.HasNoFaults();
    }

    [Fact]
    public async Task The_editor_opens_also_when_the_server_answers_later_than_the_designer_is_ready()
    {
        await bench.SaveAsync(Workflows.Writing("late", "Late"), publish: false);
        await using var studio = await bench.OpenAsync("/account");
        await studio.Page.RouteAsync("**/file-conflict", async route =>
        {
            await studio.Page.WaitForFunctionAsync("() => customElements.get('elsa-workflow-definition-editor') && customElements.get('elsa-backend-provider')");
            await route.ContinueAsync();
        });
        await studio.EditAsync("late", "line");
        studio.HasNoFaults();
    }

    [Fact]
    public async Task A_shipped_procedure_opens_whole()
    {
        await using var studio = await bench.OpenAsync("/designer/definitions/single-server-move");
        await studio.Node("signOff").ShowsAsync();
        await Eventually.TrueAsync(
            () => studio.Page.EvaluateAsync<bool>("""
                () => {
                  const room = document.querySelector('.graph-container').getBoundingClientRect();
                  return [...document.querySelectorAll('.x6-node .elsa-activity')].map(node => node.getBoundingClientRect())
                    .every(box => box.left >= room.left - 2 && box.right <= room.right + 2 && box.top >= room.top - 2 && box.bottom <= room.bottom + 2);
                }
                """),
            "every activity is on the canvas");
        await studio.PictureAsync();
        studio.HasNoFaults();
    }

    [Fact]
    public async Task An_input_is_edited()
    {
        await bench.SaveAsync(Workflows.Writing("inputs", "Inputs"), publish: false);
        await using var studio = await bench.OpenAsync("/designer/definitions/inputs");
        await studio.Node("line").ClickAsync();
        var text = studio.Field("The line");
        await text.FillAsync("Changed by hand");
        await studio.SavesAsync(() => text.BlurAsync());

        Assert.Contains("Changed by hand", (await bench.LatestAsync("inputs")).ToJsonString(), StringComparison.Ordinal);
        studio.HasNoFaults();
    }

    [Fact]
    public async Task Variables_inputs_and_outputs_are_added()
    {
        await bench.SaveAsync(Workflows.Writing("values", "Values"), publish: false);
        await using var studio = await bench.OpenAsync("/designer/definitions/values");
        await studio.Node("line").ShowsAsync();
        await AddAsync(studio, "Variables", "Add variable", "Answer");
        await AddAsync(studio, "Input/output", "Add input", "Question");
        await AddAsync(studio, "Input/output", "Add output", "Verdict");

        var latest = await bench.LatestAsync("values");
        Assert.Equal("Answer", latest["variables"]!.AsArray().Single()!["name"]!.GetValue<string>());
        Assert.Equal("Question", latest["inputs"]!.AsArray().Single()!["name"]!.GetValue<string>());
        Assert.Equal("Verdict", latest["outputs"]!.AsArray().Single()!["name"]!.GetValue<string>());
        await studio.PictureAsync();
        studio.HasNoFaults();
    }

    [Fact]
    public async Task A_published_version_is_kept_and_can_be_rolled_back_to()
    {
        await bench.SaveAsync(Workflows.Writing("versions", "Versions", "The first"));
        await bench.SaveAsync(Workflows.Writing("versions", "Versions", "The second"), publish: false);
        await using var studio = await bench.OpenAsync("/designer/definitions/versions");
        await studio.Node("line").ShowsAsync();
        await studio.SavesAsync(() => studio.Tool(PublishPicture).ClickAsync());
        Assert.True((await bench.LatestAsync("versions"))["isPublished"]!.GetValue<bool>());

        await studio.Tab("Version history").DispatchEventAsync("click");
        var first = studio.Page.Locator("#designer tbody tr").Last;
        await first.GetByRole(AriaRole.Button).ClickAsync();
        await studio.PictureAsync();
        await studio.AnswerAsync("POST", "/workflow-definitions/versions/revert/1$", () => studio.MenuItem("Rollback to this version").ClickAsync());

        Assert.Contains("The first", (await bench.LatestAsync("versions")).ToJsonString(), StringComparison.Ordinal);
        studio.HasNoFaults();
    }

    [Fact]
    public async Task Why_a_move_can_not_be_published_is_read_where_it_was_tried_and_before()
    {
        const string reason = "'Stop service' (stop) stops the Instance Host, and the move can end after 'Stop service' (stop) without a start on another server";
        var model = Workflows.Writing("breaking", "Breaking");
        model["root"]!["activities"]!.AsArray().Add(A.Node("stop", "SpeElsa.StopService", ("machine", A.Text("spe-old")), ("role", A.Text("instanceHost"))));
        model["root"]!["connections"] = new JsonArray(A.Connection("line -> stop"));
        await bench.SaveAsync(model, publish: false);
        await using var studio = await bench.OpenAsync("/designer/definitions/breaking");
        await studio.RestsAsync("line");

        await studio.Button("Check").ClickAsync();
        await studio.Page.Locator("#designer-messages li", new() { HasText = reason }).ShowsAsync();
        await studio.SavesAsync(() => studio.Tool(PublishPicture).ClickAsync());
        await studio.Page.Locator(".mud-snackbar", new() { HasText = reason }).ShowsAsync();

        await studio.PictureAsync();
        Assert.False((await bench.LatestAsync("breaking"))["isPublished"]!.GetValue<bool>());
        Assert.StartsWith("400 POST ", Assert.Single(studio.Faults), StringComparison.Ordinal);
    }

    private static async Task AddAsync(StudioPage studio, string tab, string button, string name)
    {
        await studio.Tab(tab).DispatchEventAsync("click");
        await studio.Button(button).ClickAsync();
        var field = studio.Dialog.GetByLabel("Name", new() { Exact = true });

        // The dialog proposes a name when it has been drawn; what is typed before that would be replaced.
        await Assertions.Expect(field).ToHaveValueAsync(new System.Text.RegularExpressions.Regex(@"\d$"));
        await field.FillAsync(name);
        await field.BlurAsync();
        await studio.SavesAsync(() => studio.Dialog.GetByRole(AriaRole.Button, new() { Name = "Ok" }).ClickAsync());
        await studio.Page.Locator(".mud-dialog").IsGoneAsync();
    }

    private static IEnumerable<JsonObject> Activities(JsonObject definition) => definition["root"]!["activities"]!.AsArray().Select(activity => activity!.AsObject());

    private static async Task<(float X, float Y)> PlaceAsync(ILocator what)
    {
        var box = (await what.BoundingBoxAsync())!;
        return (box.X, box.Y);
    }

    private static async Task<(float X, float Y)> CentreAsync(ILocator what)
    {
        var box = (await what.First.BoundingBoxAsync())!;
        return (box.X + (box.Width / 2), box.Y + (box.Height / 2));
    }
}
