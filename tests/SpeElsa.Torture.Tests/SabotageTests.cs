using System.Text.RegularExpressions;

namespace SpeElsa.Torture.Tests;

/// <summary>A build that breaks a promise is found out, and in the way that fits.</summary>
public sealed partial class SabotageTests
{
    [Theory]
    [InlineData("ForgetStarts", "Lost")]
    [InlineData("ForgetSignals", "Lost")]
    [InlineData("DropEarlySignals", "Stuck")]
    [InlineData("SkipIntents", "Violation")]
    [InlineData("HideAttempts", "Doubled")]
    [InlineData("ForgeJournal", "Violation")]
    [InlineData("KeepInbox", "Violation")]
    [InlineData("ForgetTimers", "Stuck")]
    [InlineData("KeepPoison", "Stuck")]
    [InlineData("FollowLatest", "Violation")]
    [InlineData("ForgetRetries", "Lost")]
    public async Task A_broken_engine_is_found_out(string sabotage, string finding)
    {
        // A run ends at the finding, so more kills cost little. One has to hit between an act and its result, and one to leave an instance in the middle to be damaged.
        var kills = sabotage switch
        {
            "HideAttempts" => "60",
            "KeepPoison" => "15",
            _ => "3",
        };
        var (code, output) = await TortureProgram.RunAsync("--kills", kills, "--seed", sabotage is "ForgetRetries" ? "6" : "5", "--lanes", "1", "--patience", "3", "--sabotage", sabotage, "--until", finding);

        Assert.Equal(1, code);
        Assert.Contains(output.Split('\n'), line => line.StartsWith($"{finding} ", StringComparison.Ordinal));
        Assert.DoesNotMatch(CleanEnd(), output);
    }

    [GeneratedRegex("lost=0 doubled=0 stuck=0 violations=0\\s*$")]
    private static partial Regex CleanEnd();
}
