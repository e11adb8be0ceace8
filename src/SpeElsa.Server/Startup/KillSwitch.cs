using System.Diagnostics;
using SpeElsa.Engine.Runtime;

namespace SpeElsa.Server.Startup;

/// <summary>
/// Kills this process at named places, as a power cut would: for tests that prove that nothing is lost. Only the environment variable
/// SPEELSA_KILL_AT switches it on: points, separated by commas, "point@activity" for one activity only. Each point of each activity kills once in
/// the life of the data directory; killed.txt lists them.
/// </summary>
internal sealed class KillSwitch(string points, string dataPath) : IFaultPoints
{
    public const string Variable = "SPEELSA_KILL_AT";
    private readonly string[] _points = points.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    private readonly string _killedPath = Path.Combine(dataPath, "killed.txt");
    private readonly Lock _lock = new();

    public void Reach(string point, string? activityId)
    {
        var place = $"{point}@{activityId}";
        if (!_points.Contains(point, StringComparer.Ordinal) && !_points.Contains(place, StringComparer.Ordinal))
        {
            return;
        }

        lock (_lock)
        {
            if (File.Exists(_killedPath) && File.ReadLines(_killedPath).Contains(place, StringComparer.Ordinal))
            {
                return;
            }

            File.AppendAllLines(_killedPath, [place]);
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
