using System.Diagnostics;

namespace SpeElsa.Testing;

/// <summary>Waits for a condition, never for a time.</summary>
public static class Eventually
{
    // Often at first; what takes longer is not made slower by being asked.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = Debugger.IsAttached ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(5);

    public static async Task<T> GetAsync<T>(Func<Task<T>> look, Func<T, bool> condition, Func<T, string>? describe = null, TimeSpan? patience = null)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(FirstPause);
        while (true)
        {
            var value = await look();
            if (condition(value))
            {
                return value;
            }

            if (watch.Elapsed > (patience ?? Patience))
            {
                throw new TimeoutException($"It did not come to it within {patience ?? Patience}: {describe?.Invoke(value) ?? value?.ToString()}");
            }

            await timer.WaitForNextTickAsync();
            timer.Period = TimeSpan.FromMilliseconds(Math.Min(timer.Period.TotalMilliseconds * 1.2, LongestPause.TotalMilliseconds));
        }
    }

    public static Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? patience = null) =>
        GetAsync(condition, value => value, _ => what, patience);
}
