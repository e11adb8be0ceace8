namespace SpeElsa.Engine.Runtime;

/// <summary>Wakes the workers of this process. A hint only: what it announces is in the store, and polling finds it too.</summary>
public sealed class Bell : IDisposable
{
    private readonly SemaphoreSlim _rung = new(0, 1);

    /// <summary>Something was stored.</summary>
    public void Ring()
    {
        try
        {
            _rung.Release();
        }
        catch (SemaphoreFullException)
        {
            // It has been rung already and nobody has come yet.
        }
    }

    /// <summary>Returns when it was rung or the time is over.</summary>
    internal async Task WaitAsync(TimeSpan timeout, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var expired = new CancellationTokenSource(timeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expired.Token, cancellationToken);
        try
        {
            await _rung.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time is over.
        }
    }

    /// <inheritdoc />
    public void Dispose() => _rung.Dispose();
}
