namespace SpeElsa.Activities;

/// <summary>Keeps secrets apart from everything else: only references to them reach state, journal, log, URL or export.</summary>
public interface ISecretStore
{
    /// <summary>Stores a secret, replacing the one of that name.</summary>
    /// <param name="name">A name without spaces.</param>
    /// <param name="value">The secret.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The reference: <c>secret:</c> and the name.</returns>
    ValueTask<string> PutAsync(string name, string value, CancellationToken cancellationToken);

    /// <summary>Reads a secret.</summary>
    /// <param name="reference">What <see cref="PutAsync"/> returned.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The secret; null when it is not stored any more.</returns>
    ValueTask<string?> GetAsync(string reference, CancellationToken cancellationToken);

    /// <summary>Forgets a secret; harmless when it is gone.</summary>
    /// <param name="reference">What <see cref="PutAsync"/> returned.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask DeleteAsync(string reference, CancellationToken cancellationToken);
}
