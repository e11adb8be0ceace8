using System.Diagnostics;
using SpeElsa.Engine.Runtime;

namespace SpeElsa.Server.Startup;

/// <summary>
/// Kills this process at a named place, as a power cut would: for tests that prove that nothing is lost. Only the environment variable
/// SPEELSA_KILL_AT switches it on: "point@activity", "point" alone meaning any activity; several are separated by commas, and each place kills once
/// it is reached.
/// </summary>
internal sealed class KillSwitch(string places) : IFaultPoints
{
    public const string Variable = "SPEELSA_KILL_AT";
    private readonly string[] _places = places.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public void Reach(string point, string? activityId)
    {
        if (_places.Contains(point, StringComparer.Ordinal) || _places.Contains($"{point}@{activityId}", StringComparer.Ordinal))
        {
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
