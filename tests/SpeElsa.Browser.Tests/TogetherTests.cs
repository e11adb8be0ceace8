using Microsoft.Playwright;
using SpeElsa.Browser.Tests.Harness;

namespace SpeElsa.Browser.Tests;

/// <summary>More than one who changes a workflow, and what it looks like on other screens.</summary>
public sealed class TogetherTests(Bench bench) : IClassFixture<Bench>
{
    [Fact]
    public async Task Of_two_editors_the_second_to_save_overwrites_nothing_and_is_told()
    {
        await bench.SaveAsync(Workflows.Writing("together", "Together"), publish: false);
        await using var first = await bench.OpenAsync("/designer/definitions/together");
        await using var second = await bench.OpenAsync("/designer/definitions/together");
        await first.Node("line").ShowsAsync();
        await second.Node("line").ShowsAsync();

        Assert.True((await WriteAsync(first, "Written first")).Ok);
        var refused = await WriteAsync(second, "Written second");

        Assert.Equal(400, refused.Status);
        await second.Page.GetByText("not saved").ShowsAsync();
        await second.PictureAsync();
        var latest = (await bench.LatestAsync("together")).ToJsonString();
        Assert.Contains("Written first", latest, StringComparison.Ordinal);
        Assert.DoesNotContain("Written second", latest, StringComparison.Ordinal);
        first.HasNoFaults();
    }

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task The_frame_fits_wide_and_narrow_screens_light_and_dark(int width, ColorScheme scheme)
    {
        await using var context = await bench.NewContextAsync(width, 844, scheme, signedIn: true);
        await using var studio = new StudioPage(bench, await context.NewPageAsync());
        foreach (var (path, seen) in new[] { ("/designer", "Single-server move"), ("/account", "") })
        {
            await studio.GoAsync(path);
            if (seen.Length > 0)
            {
                await studio.Page.GetByText(seen).ShowsAsync();
            }

            Assert.True(await studio.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"), $"{path} is wider than {width}");
            await studio.PictureAsync($"Frame-{path[1..]}-{width}-{scheme}");
        }
    }

    private static async Task<IResponse> WriteAsync(StudioPage studio, string words)
    {
        await studio.Node("line").ClickAsync();
        var text = studio.Field("The line");
        await text.FillAsync(words);
        return await studio.SavesAsync(() => text.BlurAsync());
    }
}
