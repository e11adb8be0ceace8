namespace SpeElsa.Torture.Tests;

/// <summary>The program as it is called from a shell.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("spe-torture-tests-").FullName;

    [Fact]
    public async Task A_run_goes_on_where_it_was_stopped()
    {
        var (first, said) = await TortureProgram.RunAsync("--kills", "5", "--seed", "9", "--lanes", "1", "--patience", "120", "--directory", _directory);
        var (second, output) = await TortureProgram.RunAsync("--kills", "12", "--seed", "9", "--lanes", "1", "--patience", "120", "--directory", _directory);

        Assert.True((first, second) == (0, 0), said + output);
        Assert.Matches("first round=[1-9]", output);
        Assert.Equal("kills=12 lost=0 doubled=0 stuck=0 violations=0", output.TrimEnd().Split('\n')[^1]);
        var (other, refusal) = await TortureProgram.RunAsync("--kills", "12", "--seed", "10", "--directory", _directory);
        Assert.Equal(2, other);
        Assert.Contains("has the seed 9", refusal, StringComparison.Ordinal);
    }

    /// <summary>Moves of all six procedures, the server killed some seven times in each.</summary>
    [Fact]
    public async Task A_server_that_is_killed_in_moves_of_every_procedure_leaves_each_farm_as_an_undisturbed_one()
    {
        var (code, output) = await TortureProgram.RunAsync("--moves", "--kills", "60", "--seed", "28", "--lanes", "2", "--patience", "120");

        Assert.True(code == 0, output);
        // The procedures take turns.
        Assert.Matches("rounds=([6-9]|[1-9][0-9]+) ", output);
        Assert.Equal("kills=60 lost=0 doubled=0 stuck=0 violations=0", output.TrimEnd().Split('\n')[^1]);
    }

    [Fact]
    public async Task A_count_that_makes_no_sense_is_refused()
    {
        var (code, output) = await TortureProgram.RunAsync("--kills", "0");

        Assert.Equal(1, code);
        Assert.Contains("--kills is 1 or more", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_draws_the_same_workflows()
    {
        var one = new Generator(new Random(3)).Draw("d");
        var other = new Generator(new Random(3)).Draw("d");

        Assert.Equal(one.Json, other.Json);
        Assert.Equal(one.Effects, other.Effects);
        Assert.NotEqual(one.Json, new Generator(new Random(4)).Draw("d").Json);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
