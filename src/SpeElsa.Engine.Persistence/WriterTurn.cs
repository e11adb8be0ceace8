namespace SpeElsa.Engine.Persistence;

/// <summary>
/// Whose turn it is to write to the file. SQLite has one writer; a second one would poll for the lock and could starve beside an engine that commits
/// without a pause. Who waits here is served in turn.
/// </summary>
public sealed class WriterTurn : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Waits for the turn and holds it until the returned value is disposed of.</summary>
    /// <param name="cancellationToken">Stops the wait; nothing was taken then.</param>
    public async ValueTask<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        return new Held(_turn);
    }

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();

    private sealed class Held(SemaphoreSlim turn) : IDisposable
    {
        private SemaphoreSlim? _turn = turn;

        public void Dispose() => Interlocked.Exchange(ref _turn, null)?.Release();
    }
}
