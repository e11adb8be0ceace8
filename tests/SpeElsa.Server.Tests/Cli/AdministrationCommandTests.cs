using System.Text.Json.Nodes;
using SpeElsa.Server.Tests.Tasks;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Cli;

/// <summary>What an administrator does from a terminal, and what goes into tasks.</summary>
[Collection(nameof(SpeCommandsOfServer))]
public sealed class AdministrationCommandTests(SpeBench bench)
{
    [Fact]
    public async Task A_secret_comes_from_a_file_or_a_pipe_and_is_shown_nowhere()
    {
        var spe = bench.Spe;
        var file = bench.NewFile("password.txt");
        await File.WriteAllTextAsync(file, "from the file\n", TestContext.Current.CancellationToken);

        var piped = await spe.RunWithInputAsync("from the pipe\n", "secret", "set", "script-piped", "--file", "-");
        Assert.True(piped.Code == 0, piped.Error);
        await spe.OutputAsync("secret", "set", "spe-old-password", "--file", file);
        var listed = await spe.OutputAsync("secret", "list");
        Assert.Matches("script-piped +stored +2[0-9]{3}-", listed);
        Assert.Contains("spe-old-password", listed, StringComparison.Ordinal);
        await spe.OutputAsync("secret", "remove", "spe-old-password");
        Assert.DoesNotContain("spe-old-password", await spe.OutputAsync("secret", "list"), StringComparison.Ordinal);
        await spe.OutputAsync("secret", "remove", "script-piped");
        await spe.FailsAsync(4, "letters, digits", "secret", "set", "no name", "--file", file);
        await spe.FailsAsync(2, "--file", "secret", "set", "spe-old-password");
        await spe.FailsAsync(2, "none.txt", "secret", "set", "spe-old-password", "--file", bench.NewFile("none.txt"));

        var audit = await spe.OutputAsync("audit", "list", "--path", "/api/secrets");
        Assert.Contains("/api/secrets/script-piped", audit, StringComparison.Ordinal);
        Assert.DoesNotContain("from the", audit + piped.Output + listed, StringComparison.Ordinal);
        Assert.Contains("Nobody has done anything", await spe.OutputAsync("audit", "list", "--actor", "nobody at all"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_made_into_a_file_works_and_is_taken_away()
    {
        var spe = bench.Spe;
        var file = bench.NewFile("ticketing.txt");

        var made = await spe.OutputAsync("key", "create", "ticketing", "--role", "operator", "--to", file);
        var key = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(key, made, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        await spe.OutputAsync("move", "list", "--key-file", file);
        Assert.DoesNotContain("never", (await spe.OutputAsync("key", "list")).Split('\n').Single(line => line.StartsWith("ticketing", StringComparison.Ordinal)), StringComparison.Ordinal);
        await spe.FailsAsync(2, "no key was made", "key", "create", "other", "--role", "viewer", "--to", file);
        var second = bench.NewFile("second.txt");
        await spe.FailsAsync(4, "already", "key", "create", "ticketing", "--role", "viewer", "--to", second);
        Assert.False(File.Exists(second), "a file was left without a key in it");
        await spe.FailsAsync(4, "'create:application'", "key", "create", "more", "--role", "administrator", "--key-file", file);

        await spe.OutputAsync("key", "remove", "ticketing");
        await spe.FailsAsync(4, "does not know this key", "move", "list", "--key-file", file);
        await spe.FailsAsync(4, "There is no key 'ticketing'", "key", "remove", "ticketing");
    }

    [Fact]
    public async Task Accounts_are_made_changed_and_removed()
    {
        var spe = bench.Spe;

        Assert.Contains("password", await spe.OutputAsync("user", "create", "berta", "--role", "operator", "approver"), StringComparison.Ordinal);
        var (code, given, error) = await spe.RunWithInputAsync("a long enough secret\n", "user", "create", "carla", "--role", "viewer", "--password-file", "-");
        Assert.True(code == 0, error);
        Assert.DoesNotContain("secret", given, StringComparison.Ordinal);
        Assert.NotNull((await bench.Host.LoginAsync("carla"))["accessToken"]);
        await spe.OutputAsync("user", "change", "carla", "--name", "clara", "--role", "operator");
        var users = await spe.OutputAsync("user", "list");
        await spe.OutputAsync("user", "remove", "berta");

        Assert.Contains("clara", users, StringComparison.Ordinal);
        Assert.DoesNotContain("carla", users, StringComparison.Ordinal);
        Assert.Contains("approver, operator", users, StringComparison.Ordinal);
        await spe.FailsAsync(4, "There is no account 'berta'", "user", "remove", "berta");
        await spe.FailsAsync(4, "There is no role 'king'", "user", "change", "clara", "--role", "king");
        Assert.Contains("publish:workflow-definitions", await spe.OutputAsync("user", "roles"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_its_notices_and_its_machines_are_shown()
    {
        var spe = bench.Spe;

        var shown = await spe.OutputAsync("server", "show");
        Assert.Contains("ready", shown, StringComparison.Ordinal);
        Assert.Matches("evidence key +[0-9a-f]{64}", shown);
        Assert.Contains("Nobody was told anything.", await spe.OutputAsync("notice", "list"), StringComparison.Ordinal);
        await spe.FailsAsync(4, "There is no notice 'x'", "notice", "retry", "x");
        await spe.FailsAsync(2, "'waiting' 'sent' 'failed'", "notice", "list", "--state", "lost");
        await spe.FailsAsync(4, "not reached over SSH", "machine", "trust", "spe-old", "SHA256:x");
        await spe.FailsAsync(2, "--page is 1 or more", "notice", "list", "--page", "0");
    }

    [Fact]
    public async Task A_task_takes_files_and_a_link_and_its_move_shows_its_journal_and_is_ended()
    {
        var (spe, host) = (bench.Spe, bench.Host);
        await host.AddUserAsync("dora", "operator");
        var field = new JsonObject { ["name"] = "proof", ["type"] = "file", ["required"] = true };
        var move = await host.StartMoveAsync(TaskHost.Ask("file", ("fields", A.Text(new JsonArray(field)))));
        var task = (string)(await host.TaskAsync(move, "file-1"))["id"]!;
        var (proof, back) = (bench.NewFile("shot.txt"), bench.NewFile("back.txt"));
        await File.WriteAllTextAsync(proof, "I saw it.", TestContext.Current.CancellationToken);

        Assert.Contains("http", await spe.OutputAsync("task", "link", task, "--to", "dora"), StringComparison.Ordinal);
        await spe.FailsAsync(4, "There is no account 'nobody'", "task", "link", task, "--to", "nobody");
        Assert.Contains("SHA-256", await spe.OutputAsync("task", "attach", task, proof, "--name", "earlier.txt"), StringComparison.Ordinal);
        Assert.Contains("earlier.txt", await spe.OutputAsync("task", "show", task), StringComparison.Ordinal);
        await spe.OutputAsync("task", "complete", task, "--file", $"proof={proof}");
        var files = (await spe.JsonAsync("task", "show", task))["files"]!.AsArray();
        await spe.OutputAsync("task", "download", task, (string)files.Single(file => (string?)file!["name"] == "shot.txt")!["id"]!, "--to", back);
        await host.EndAsync(move);

        Assert.Equal("I saw it.", await File.ReadAllTextAsync(back, TestContext.Current.CancellationToken));
        Assert.Contains("TaskCompleted", await spe.OutputAsync("move", "journal", move), StringComparison.Ordinal);
        Assert.Contains("--after 2 shows them", await spe.OutputAsync("move", "journal", move, "--take", "2"), StringComparison.Ordinal);
        await spe.FailsAsync(4, "has ended already", "move", "cancel", move, "--reason", "too late");
        var other = await host.StartMoveAsync(TaskHost.Ask("ended"));
        Assert.Contains("ends as it stands", await spe.OutputAsync("move", "cancel", other, "--reason", "it was only a try"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_is_changed_and_keeps_what_was_not_said()
    {
        var spe = bench.Spe;
        var plan = (string)(await spe.JsonAsync("plan", "create", "single-server-move", "--set", "source=spe-old", "target=spe-new", "hostNameChanges=true", "--length", "02:00:00"))["id"]!;

        await spe.OutputAsync("plan", "change", plan, "--set", "hostNameChanges=false", "--name", "Second thoughts");
        var changed = await spe.JsonAsync("plan", "show", plan);

        Assert.Equal("""{"source":"spe-old","target":"spe-new","hostNameChanges":false}""", changed["plan"]!.ToJsonString());
        Assert.Equal(("Second thoughts", "02:00:00"), ((string)changed["name"]!, (string)changed["window"]!["length"]!));
        Assert.Contains("Second thoughts", await spe.OutputAsync("plan", "list", "--state", "draft"), StringComparison.Ordinal);
        Assert.Contains("02:00:00 from the start", await spe.OutputAsync("plan", "show", plan), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_is_saved_looked_at_and_checked_from_the_command_of_moves_too()
    {
        var spe = bench.Spe;
        string[] save = ["move", "plan", "single-server-move", "--set", "source=spe-old", "target=spe-new", "--name", "From the move", "--idempotency-key", "once"];
        var plan = (string)(await spe.JsonAsync(save))["id"]!;

        Assert.Equal(plan, (string?)(await spe.JsonAsync(save))["id"]);
        Assert.Equal(await spe.OutputAsync("plan", "preview", plan), await spe.OutputAsync("move", "preview", plan));
        Assert.Contains("The check runs", await spe.OutputAsync("move", "check", plan), StringComparison.Ordinal);
        await spe.FailsAsync(4, "no plan 'none'", "move", "check", "none");
    }
}
