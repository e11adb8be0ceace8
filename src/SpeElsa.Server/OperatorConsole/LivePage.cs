using Microsoft.AspNetCore.Components;

namespace SpeElsa.Server.OperatorConsole;

/// <summary>A page that shows how things stand now. It looks again shortly after a move has changed, and now and then for what no move tells, such as time that passes.</summary>
public abstract partial class LivePage : ComponentBase, IDisposable
{
    /// <summary>Moves change many times a second when they are fast, and nobody reads that fast.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _end = new();
    private IDisposable? _watch;
    private int _isNoted;

    [Inject]
    private IServiceProvider Services { get; set; } = null!;

    [Inject]
    private Freshness Freshness { get; set; } = null!;

    [Inject]
    private ILogger<LivePage> Logger { get; set; } = null!;

    /// <summary>The request, while the page is drawn for the first time; null once it is live.</summary>
    [CascadingParameter]
    private HttpContext? Http { get; set; }

    /// <summary>Ends with the page.</summary>
    protected CancellationToken Ended => _end.Token;

    /// <summary>Reads what is shown.</summary>
    protected abstract Task LoadAsync();

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        await LoadAsync();
        Freshness.NoteRead();
    }

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _watch = Services.GetRequiredService<MoveWatch>().Watch(Note);
            _ = TickAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends what was begun.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _watch?.Dispose();
            _end.Cancel();
            _end.Dispose();
        }
    }

    /// <summary>Reads and draws again.</summary>
    protected Task RefreshAsync() => InvokeAsync(async () =>
    {
        if (!_end.IsCancellationRequested)
        {
            await LoadAsync();
            StateHasChanged();
        }
    });

    /// <summary>Says to programs, too, that there is nothing at this address.</summary>
    protected void NothingHere() => ConsoleHosting.NothingHere(Http);

    private void Note()
    {
        if (Interlocked.Exchange(ref _isNoted, 1) == 0)
        {
            _ = LookSoonAsync();
        }
    }

    private async Task LookSoonAsync()
    {
        await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        _isNoted = 0;
        await TryRefreshAsync();
    }

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(LookEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(Ended))
            {
                await TryRefreshAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The reader has left.
        }
    }

    private async Task TryRefreshAsync()
    {
        try
        {
            await RefreshAsync();
            Freshness.NoteRead();
        }
        catch (Exception exception) when (_end.IsCancellationRequested || exception is OperationCanceledException or ObjectDisposedException)
        {
            // The reader has left meanwhile.
        }
        catch (Exception exception)
        {
            // The edge of the loop: whatever it is, the next look is another try, and until then the reader is told.
            NotReadAnew(Logger, exception, GetType().Name);
            await InvokeAsync(Freshness.NoteFailure);
        }
    }

    [LoggerMessage(EventId = 7901, Level = LogLevel.Warning, Message = "{Page} could not be read anew; it is tried again")]
    private static partial void NotReadAnew(ILogger logger, Exception exception, string page);
}
