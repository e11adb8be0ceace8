using Microsoft.Data.Sqlite;
using SpeElsa.Server.Tests.Harness;

namespace SpeElsa.Server.Tests;

/// <summary>What an administrator does with the database: copy it while the server works, check it, put a copy back.</summary>
public sealed class DatabaseCommandTests
{
    [Fact]
    public async Task A_move_goes_on_from_a_backup_that_was_made_while_the_server_was_running()
    {
        await using var server = await ServerProcess.StartAsync(("Lab__ArchiveBytes", UndisturbedRun.FewBytes));
        var administrator = new Administrator(server);
        var moveId = await administrator.StartMoveAsync();
        await administrator.NextTaskAsync(moveId);
        using var shot = new ByteArrayContent("MFA is off, seen at 3:05."u8.ToArray());
        using var given = await server.Client.PostAsync(new Uri($"/api/tasks/{moveId}-mfa-off-1/files?name=seen.txt&by=j.doe", UriKind.Relative), shot);
        Assert.True(given.IsSuccessStatusCode, await given.Content.ReadAsStringAsync());
        var copy = Path.Combine(server.DataDirectory, "copy.db");

        var backup = await ServerCommand.RunAsync(server.DataDirectory, "backup", "--to", copy);
        var check = await ServerCommand.RunAsync(server.DataDirectory, "check");
        var tooEarly = await ServerCommand.RunAsync(server.DataDirectory, "restore", "--from", copy);
        await server.StopAsync();
        DeleteDatabase(server);
        Directory.Delete(Path.Combine(server.DataDirectory, "evidence-files"), recursive: true);
        var missing = await ServerCommand.RunAsync(server.DataDirectory, "check");
        server.Launch();
        var lost = await server.WaitForExitAsync();
        var lostOutput = server.Output;
        var restore = await ServerCommand.RunAsync(server.DataDirectory, "restore", "--from", copy);
        var file = Directory.EnumerateFiles(Path.Combine(server.DataDirectory, "evidence-files")).Single();
        var content = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, "MFA is on.");
        var changed = await ServerCommand.RunAsync(server.DataDirectory, "check");
        await File.WriteAllTextAsync(file, content);
        await server.StartAsync();

        Assert.Equal((0, 0, 3, 3, 3, 0), (backup.ExitCode, check.ExitCode, tooEarly.ExitCode, missing.ExitCode, lost, restore.ExitCode));
        Assert.Contains("is sound", backup.Output, StringComparison.Ordinal);
        Assert.Contains("1 instances: 1 Suspended", check.Output, StringComparison.Ordinal);
        Assert.Contains("Another SpeElsa server is using the database", tooEarly.Output, StringComparison.Ordinal);
        Assert.Contains("is gone, although it was in use before", lostOutput, StringComparison.Ordinal);
        Assert.Contains("There was no database there before", restore.Output, StringComparison.Ordinal);
        Assert.Contains("1 files of evidence", restore.Output, StringComparison.Ordinal);
        Assert.Equal((3, "MFA is off, seen at 3:05."), (changed.ExitCode, content));
        Assert.Contains("'seen.txt' was changed", changed.Output, StringComparison.Ordinal);
        await administrator.DoAsync("mfa-off");
        using var answer = await administrator.AnswerAsync($"{moveId}-mfa-off-1");
        Assert.True(answer.IsSuccessStatusCode);
        Assert.NotEqual("mfa-off", (await administrator.PlayAsync(moveId, "transfer-licence"))!["taskName"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_database_that_was_tampered_with_is_told_by_instance_and_row()
    {
        await using var server = await ServerProcess.StartAsync(("Lab__ArchiveBytes", UndisturbedRun.FewBytes));
        var administrator = new Administrator(server);
        var moveId = await administrator.StartMoveAsync();
        await administrator.NextTaskAsync(moveId);
        await server.KillAsync();
        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(server.DataDirectory, "speelsa.db")};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "UPDATE JournalPages SET Hash = upper(Hash) WHERE FirstSequence = (SELECT max(FirstSequence) FROM JournalPages)";
            await command.ExecuteNonQueryAsync();
        }

        var (exitCode, output) = await ServerCommand.RunAsync(server.DataDirectory, "check");

        Assert.Equal(3, exitCode);
        Assert.Contains("is NOT sound", output, StringComparison.Ordinal);
        Assert.Matches($"The journal of instance {moveId} breaks at row [0-9]+( to [0-9]+)?: it was changed, or rows are missing", output);
    }

    [Fact]
    public async Task Help_names_every_command_and_a_wrong_one_starts_no_server()
    {
        var data = Directory.CreateTempSubdirectory("speelsa-").FullName;

        var help = await ServerCommand.RunAsync(data, "--help");
        var wrong = await ServerCommand.RunAsync(data, "bakcup");
        var half = await ServerCommand.RunAsync(data, "backup");

        Assert.Equal(0, help.ExitCode);
        Assert.All(["backup", "check", "restore"], command => Assert.Contains(command, help.Output, StringComparison.Ordinal));
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("There is no command 'bakcup'", wrong.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, half.ExitCode);
        Assert.Contains("--to", half.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(data));
        Directory.Delete(data);
    }

    private static void DeleteDatabase(ServerProcess server)
    {
        foreach (var file in new[] { "speelsa.db", "speelsa.db-wal", "speelsa.db-shm" })
        {
            File.Delete(Path.Combine(server.DataDirectory, file));
        }
    }
}
