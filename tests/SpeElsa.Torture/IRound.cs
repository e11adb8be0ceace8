namespace SpeElsa.Torture;

/// <summary>One story that is played again and again to its end, from one seed.</summary>
internal interface IRound
{
    /// <summary>Plays it. What it finds it reports.</summary>
    Task PlayAsync(CancellationToken cancellationToken);
}
