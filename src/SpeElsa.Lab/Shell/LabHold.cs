namespace SpeElsa.Lab.Shell;

/// <summary>The place where a script is to stop for ever, so that a test can kill the process at exactly that point.</summary>
internal sealed class LabHold(LabOptions options)
{
    public const string Before = "before";
    public const string Middle = "middle";
    public const string After = "after";

    private int _reached;

    public void Reach(string script, string point, LabRun run)
    {
        if (!string.Equals(options.HoldScript, script, StringComparison.OrdinalIgnoreCase) ||
            !string.Equals(options.HoldAt, point, StringComparison.OrdinalIgnoreCase) ||
            Interlocked.Exchange(ref _reached, 1) == 1)
        {
            return;
        }

        File.WriteAllText(Path.Combine(options.Directory, "hold.reached"), $"{script} {point}\n");
        run.Wait(Timeout.InfiniteTimeSpan);
    }
}
