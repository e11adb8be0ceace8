namespace SpeElsa.Lab.Shell;

/// <summary>The place where a script is to stop for ever, so that a test can kill the process at exactly that point.</summary>
internal sealed class LabHold(LabOptions options)
{
    public const string Before = "before";
    public const string Middle = "middle";
    public const string After = "after";
    private const string Any = "*";

    private readonly Lock _lock = new();
    private bool _reached;

    public void Reach(string script, string point, LabRun run)
    {
        if (!Matches(options.HoldScript, script) || !Matches(options.HoldAt, point) || !Take(script, point))
        {
            return;
        }

        File.WriteAllText(Path.Combine(options.Directory, "hold.reached"), $"{script} {point}\n");
        run.Wait(Timeout.InfiniteTimeSpan);
    }

    private static bool Matches(string? wanted, string found) =>
        wanted == Any || wanted?.Split(',').Contains(found, StringComparer.OrdinalIgnoreCase) == true;

    /// <summary>
    /// Once in a process; and where any or several scripts are meant, once for each script and point of the farm, so that starting again goes
    /// on to the next.
    /// </summary>
    private bool Take(string script, string point)
    {
        lock (_lock)
        {
            var heldPath = Path.Combine(options.Directory, "held.txt");
            var place = $"{script} {point}";
            if (_reached || ((options.HoldScript == Any || options.HoldScript!.Contains(',', StringComparison.Ordinal)) && IsListed(heldPath, place)))
            {
                return false;
            }

            File.AppendAllLines(heldPath, [place]);
            return _reached = true;
        }
    }

    private static bool IsListed(string path, string place) =>
        File.Exists(path) && File.ReadLines(path).Contains(place, StringComparer.Ordinal);
}
