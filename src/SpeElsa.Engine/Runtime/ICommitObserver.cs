using Microsoft.Extensions.Logging;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Runtime;

/// <summary>Hears of the commits of this process, right after each. What it hears is a hint: a crash in between loses it, and commits of other processes are not told.</summary>
public interface ICommitObserver
{
    /// <summary>An instance was committed. Called within the burst: it notes and returns, and does neither wait nor ask the store.</summary>
    /// <param name="instance">The instance as it is stored now.</param>
    void Committed(InstanceRecord instance);

    /// <summary>The same, for whoever wants to know what happened, too.</summary>
    /// <param name="instance">The instance as it is stored now.</param>
    /// <param name="journal">The journal rows of the commit.</param>
    void Committed(InstanceRecord instance, IReadOnlyList<JournalRecord> journal) => Committed(instance);
}

/// <summary>Tells observers of commits. None of them can fail a burst.</summary>
internal sealed class CommitObservers(IEnumerable<ICommitObserver> observers, ILogger<CommitObservers> logger)
{
    private readonly ICommitObserver[] _observers = [.. observers];

    public void Committed(InstanceRecord instance, IReadOnlyList<JournalRecord> journal)
    {
        foreach (var observer in _observers)
        {
            try
            {
                observer.Committed(instance, journal);
            }
#pragma warning disable CA1031 // What is stored is stored: whoever only watches must not turn it into a failure.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                logger.ObserverFailed(exception, instance.Id);
            }
        }
    }
}
