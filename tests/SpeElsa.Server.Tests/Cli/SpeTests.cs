using System.Text.Json.Nodes;
using SpeElsa.Server.Tests.Identity;
using SpeElsa.Server.Tests.Tasks;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Cli;

/// <summary>The command line against a server.</summary>
public sealed class SpeTests
{
    [Fact]
    public async Task A_move_is_started_watched_answered_and_proved_from_a_terminal()
    {
        await using var host = await AccessHost.StartAsync();
        await PublishAsync(host);
        var spe = new Spe(host);

        var started = await spe.JsonAsync("move", "start", "asks-look", "--name", "A night in December");
        var move = (string)started["id"]!;
        var (watch, watched) = spe.Start("move", "watch", move, "--every", "0.1");
        await Eventually.TrueAsync(() => Task.FromResult(watched().Contains("waiting: Waiting for a person: Do it", StringComparison.Ordinal)), "the watch shows that it waits");
        await host.TaskAsync(move, "look-1");
        var list = await spe.RunAsync("task", "list", "--move", move);
        var claimed = await spe.RunAsync("task", "claim", $"{move}-look-1", "--by", "anna");
        var taken = await spe.RunAsync("task", "complete", $"{move}-look-1", "--by", "bob");
        var shown = await spe.RunAsync("task", "show", $"{move}-look-1");
        var answered = await spe.RunAsync("task", "complete", $"{move}-look-1", "--by", "anna", "--comment", "It was quiet.");
        var (watchCode, _) = await watch;
        var moves = await spe.RunAsync("move", "list");
        var machines = await spe.RunAsync("machine", "list");
        var bundle = Path.Combine(host.DataDirectory, "bundle.zip");
        var brought = await spe.RunAsync("move", "evidence", move, "--to", bundle);
        var (verified, verdict, _) = await spe.RunAsync("verify", bundle, "--key", Path.Combine(host.DataDirectory, "evidence-key.pem"));

        Assert.Equal((0, 0, 4, 0, 0), (list.Code, claimed.Code, taken.Code, shown.Code, answered.Code));
        Assert.Contains("Do it", list.Output, StringComparison.Ordinal);
        Assert.Contains("anna", taken.Error, StringComparison.Ordinal);
        Assert.Contains("claimed", shown.Output, StringComparison.Ordinal);
        Assert.Equal(0, watchCode);
        Assert.Contains("finished:", watched(), StringComparison.Ordinal);
        Assert.DoesNotContain('\r', watched().ReplaceLineEndings("\n"));
        Assert.Contains("A night in December", moves.Output, StringComparison.Ordinal);
        Assert.Equal((0, 0, 0), (machines.Code, brought.Code, verified));
        Assert.Contains("There are no machines", machines.Output, StringComparison.Ordinal);
        Assert.Contains("Genuine", verdict, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_can_not_be_done_is_one_line_and_an_exit_code_that_says_whose_fault_it_is()
    {
        await using var host = await AccessHost.StartAsync();
        await PublishAsync(host);
        var spe = new Spe(host);
        var wrongKey = Path.Combine(host.DataDirectory, "wrong.txt");
        await File.WriteAllTextAsync(wrongKey, "not the key");

        await spe.FailsAsync(4, "nothing", "move", "show", "nothing");
        await spe.FailsAsync(4, "no-such-procedure", "move", "start", "no-such-procedure");
        await spe.FailsAsync(2, "write name=value", "move", "start", "asks-look", "--set", "source");
        await spe.FailsAsync(2, "See 'spe move watch --help'", "move", "watch");
        await spe.FailsAsync(2, "0.1 to 3600", "move", "watch", "x", "--every", "0");
        await spe.FailsAsync(2, "There is no profile 'moon'", "move", "list", "--profile", "moon");
        await spe.FailsAsync(2, "No API key", "move", "list", "--key-file", Path.Combine(host.DataDirectory, "none.txt"));
        await spe.FailsAsync(4, "does not know this key", "move", "list", "--key-file", wrongKey);
        await spe.FailsAsync(3, "can not be reached", "move", "list", "--server", "http://127.0.0.1:9");
        await spe.FailsAsync(2, "is no address of a server", "move", "list", "--server", "speelsa");
        await spe.FailsAsync(4, "This server has no lab. Set Lab:Enabled", "lab", "servers");
        await spe.FailsAsync(4, "This server has no lab. Set Lab:Enabled", "lab", "reboot", "spe-old");
    }

    private static async Task PublishAsync(AccessHost host)
    {
        using var published = await host.SendAsync(
            HttpMethod.Post, "/elsa/api/workflow-definitions", host.ApiKey, new JsonObject { ["model"] = JsonNode.Parse(TaskHost.Ask("look").ToJson()), ["publish"] = true });
        Assert.True(published.IsSuccessStatusCode, await published.Content.ReadAsStringAsync());
    }
}
