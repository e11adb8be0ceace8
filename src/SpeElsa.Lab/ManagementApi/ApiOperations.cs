using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace SpeElsa.Lab;

/// <summary>The long-running calls of one run of a Management Server; when it stops, its tokens mean nothing any more.</summary>
internal sealed class ApiOperations : IDisposable
{
    private readonly ConcurrentDictionary<string, ApiOperation> _operations = new();
    private readonly CancellationTokenSource _stopped = new();

    public ApiOperation Begin()
    {
        var operation = new ApiOperation(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)), _stopped.Token);
        _operations[operation.Token] = operation;
        return operation;
    }

    public ApiOperation? Find(string token) => _operations.GetValueOrDefault(token);

    public void Dispose()
    {
        _stopped.Cancel();
        _operations.Clear();
    }
}

/// <summary>One long-running call.</summary>
internal sealed class ApiOperation(string token, CancellationToken stopped)
{
    private readonly CancellationTokenSource _cancel = CancellationTokenSource.CreateLinkedTokenSource(stopped);
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ApiAnswer _answer = ApiAnswer.Running(token, 1, 0, "Started");

    public string Token => token;

    public CancellationToken Cancellation => _cancel.Token;

    public ApiAnswer Answer
    {
        get
        {
            lock (_gate)
            {
                return _answer;
            }
        }
    }

    public void Cancel() => _cancel.Cancel();

    public void Report(int percent, string text) => Update(version => ApiAnswer.Running(token, version, percent, text));

    public void Finish(ApiAnswer answer) => Update(version => answer with { StatusVersion = version });

    /// <summary>Waits until there is a status newer than the one the caller knows, or the time is up.</summary>
    public async Task<ApiAnswer> WaitAsync(long knownVersion, TimeSpan atMost, CancellationToken cancellationToken)
    {
        Task changed;
        lock (_gate)
        {
            if (_answer.StatusVersion > knownVersion || _answer.StatusCode != ApiAnswer.RunningStatus)
            {
                return _answer;
            }

            changed = _changed.Task;
        }

        try
        {
            await changed.WaitAsync(atMost, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Nothing new in time is an ordinary answer: the status the caller knows already.
        }

        return Answer;
    }

    private void Update(Func<long, ApiAnswer> next)
    {
        lock (_gate)
        {
            _answer = next(_answer.StatusVersion + 1);
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
