namespace SpeElsa.Torture.Tests;

/// <summary>The program as it is called from a shell.</summary>
public sealed class TortureTests
{
    [Fact]
    public async Task A_hundred_kills_lose_double_and_break_nothing()
    {
        var (code, output) = await TortureProgram.RunAsync("--kills", "100", "--seed", "300", "--patience", "120");

        Assert.True(code == 0, output);
        Assert.Equal("kills=100 lost=0 doubled=0 stuck=0 violations=0", output.TrimEnd().Split('\n')[^1]);
    }
}
