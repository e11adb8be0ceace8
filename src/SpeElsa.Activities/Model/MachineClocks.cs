namespace SpeElsa.Activities;

/// <summary>How far the clocks of two machines are apart. Each is compared with ours, half way through the time its answer took.</summary>
internal static class MachineClocks
{
    /// <summary>A code of an authenticator app is good for about half a minute before and after.</summary>
    public static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(30);

    /// <summary>The second machine's clock less the first one's; zero when one of them does not tell.</summary>
    public static async Task<TimeSpan> DifferenceAsync(StepContext step, string first, string second)
    {
        var (one, other) = (await AheadAsync(step, first), await AheadAsync(step, second));
        return one is { } left && other is { } right ? right - left : TimeSpan.Zero;
    }

    private static async Task<TimeSpan?> AheadAsync(StepContext step, string machine)
    {
        var time = step.Context.GetService<TimeProvider>() ?? TimeProvider.System;
        var asked = time.GetUtcNow();
        var facts = await step.ServerFactsAsync(machine, step.Settings(machine).InstallDirectory);
        var answered = time.GetUtcNow();
        return facts.UtcNow - (asked + ((answered - asked) / 2));
    }
}
