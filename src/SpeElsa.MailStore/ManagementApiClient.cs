using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SpeElsa.MailStore;

/// <summary>
/// The Management API over HTTPS. Safe to use from several threads; one instance per Management Server.
/// </summary>
public sealed partial class ManagementApiClient : IManagementApi
{
    private static readonly Dictionary<string, string?> NoArguments = [];
    private readonly ApiChannel _channel;
    private readonly ManagementApiTimeouts _timeouts;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _server;
    private ManagementApiMetadata? _metadata;

    /// <summary>Makes a client; nothing is sent yet.</summary>
    /// <exception cref="ArgumentException">
    /// The address is not https or carries credentials, the user name has a colon, or the thumbprint is none.
    /// </exception>
    public ManagementApiClient(
        ManagementApiConnection connection,
        TimeProvider? time = null,
        ILogger<ManagementApiClient>? logger = null,
        ManagementApiTimeouts? timeouts = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _time = time ?? TimeProvider.System;
        _logger = logger ?? NullLogger<ManagementApiClient>.Instance;
        _timeouts = timeouts ?? new ManagementApiTimeouts();
        _channel = new ApiChannel(connection, _timeouts, _time, _logger);
        _server = connection.BaseAddress.Authority;
    }

    /// <inheritdoc/>
    public async Task<ManagementApiMetadata> GetMetadataAsync(CancellationToken cancellationToken)
    {
        if (_metadata is { } known)
            return known;
        const string Function = "get-metadata";
        var secrets = new CallSecrets(NoArguments);
        var answer = await _channel.PostAsync(
            Function, "api/get-metadata", NoArguments, secrets, ManagementApiFailure.FunctionMissing, cancellationToken);
        // Seen as a bare list; a server that puts it into the usual frame is understood too.
        if (answer.ValueKind != JsonValueKind.Array && ApiEnvelope.TryRead(answer) is { } envelope)
            answer = Finish(Function, envelope, secrets);
        return _metadata = new ManagementApiMetadata(Read<List<ManagementApiFunction>>(Function, answer));
    }

    /// <summary>
    /// Calls a function and waits for its end:
    /// 1. POST to <c>api/invoke/{function}</c>; the server decides whether it answers at once.
    /// 2. While the answer says <c>running</c>, long-poll <c>api/get-status</c> with its token.
    /// 3. Return the result of the last answer, or throw what it reports.
    /// </summary>
    public async Task<JsonElement> InvokeAsync(
        string function, IReadOnlyDictionary<string, string?> arguments, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        var secrets = new CallSecrets(arguments ?? throw new ArgumentNullException(nameof(arguments)));
        var envelope = await SendAsync(function, arguments, secrets, cancellationToken);
        if (envelope.IsRunning)
        {
            _logger.CallRunsOn(function, _server);
            envelope = await WaitAsync(function, envelope, secrets, cancellationToken);
        }

        var elapsed = (long)_time.GetElapsedTime(began).TotalMilliseconds;
        _logger.CallEnded(function, _server, envelope.StatusCode, elapsed);
        return Finish(function, envelope, secrets);
    }

    /// <inheritdoc/>
    public async Task<ManagementApiCall> BeginAsync(
        string function, IReadOnlyDictionary<string, string?> arguments, CancellationToken cancellationToken)
    {
        var secrets = new CallSecrets(arguments ?? throw new ArgumentNullException(nameof(arguments)));
        return ToCall(function, await SendAsync(function, arguments, secrets, cancellationToken), secrets);
    }

    /// <inheritdoc/>
    public async Task<ManagementApiCall> ContinueAsync(ManagementApiCall call, TimeSpan wait, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.IsRunning)
            return call;
        var secrets = new CallSecrets(NoArguments);
        var envelope = await AskStatusAsync(call.Function, call.Token!, call.StatusVersion, wait, secrets, cancellationToken);
        return ToCall(call.Function, envelope, secrets);
    }

    /// <inheritdoc/>
    public async Task CancelAsync(ManagementApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.IsRunning)
            return;
        var arguments = new Dictionary<string, string?> { ["token"] = call.Token };
        await _channel.PostAsync(
            call.Function, "api/cancel-async", arguments, new CallSecrets(NoArguments), ManagementApiFailure.TokenLost, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    private async Task<ApiEnvelope> WaitAsync(
        string function, ApiEnvelope envelope, CallSecrets secrets, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        var failures = 0;
        while (envelope.IsRunning)
        {
            if (_time.GetElapsedTime(began) > _timeouts.Operation)
            {
                throw new ManagementApiException(
                    ManagementApiFailure.Timeout,
                    $"{function} on {_server} was still running after {_timeouts.Operation}. The server may go on with it.",
                    function);
            }

            var asked = _time.GetTimestamp();
            try
            {
                envelope = await AskStatusAsync(
                    function, envelope.Token!, envelope.StatusVersion, _timeouts.StatusWait, secrets, cancellationToken);
                failures = 0;
            }
            catch (ManagementApiException exception)
                when (exception.Failure is ManagementApiFailure.Unreachable or ManagementApiFailure.Timeout
                    && ++failures < _timeouts.UnreachableStatusCalls)
            {
                // The work is not tied to our connection, so a broken one does not end the wait.
                _logger.StatusUnreachable(_server, function, failures, exception.Failure);
            }

            var pause = _timeouts.StatusInterval - _time.GetElapsedTime(asked);
            if (envelope.IsRunning && pause > TimeSpan.Zero)
                await Task.Delay(pause, _time, cancellationToken);
        }

        return envelope;
    }

    private async Task<ApiEnvelope> SendAsync(
        string function, IReadOnlyDictionary<string, string?> arguments, CallSecrets secrets, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(function);
        if (!function.All(char.IsAsciiLetterOrDigit))
            throw new ArgumentException("A function name has letters and digits only.", nameof(function));
        WildcardGuard.Check(function, arguments);
        return Envelope(function, await _channel.PostAsync(
            function, $"api/invoke/{function}", arguments, secrets, ManagementApiFailure.FunctionMissing, cancellationToken));
    }

    private async Task<ApiEnvelope> AskStatusAsync(
        string function, string token, long knownVersion, TimeSpan wait, CallSecrets secrets, CancellationToken cancellationToken)
    {
        var arguments = new Dictionary<string, string?>
        {
            ["token"] = token,
            ["lastKnownStatusVersion"] = knownVersion.ToString(CultureInfo.InvariantCulture),
            ["millisecondsTimeout"] = ((long)wait.TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
        };
        var answer = await _channel.PostAsync(function, "api/get-status", arguments, secrets, ManagementApiFailure.TokenLost, cancellationToken);
        var next = Envelope(function, answer);
        // Some answers to a status question leave the token out; it stays the same.
        return next with { Token = next.Token ?? token };
    }

    private ManagementApiCall ToCall(string function, ApiEnvelope envelope, CallSecrets secrets) => envelope.IsRunning
        ? new ManagementApiCall(function, envelope.Token, envelope.StatusVersion, envelope.Percent, secrets.Clean(envelope.StatusText))
        : new ManagementApiCall(function, null, envelope.StatusVersion, Result: Finish(function, envelope, secrets));

    private ApiEnvelope Envelope(string function, JsonElement answer) =>
        ApiEnvelope.TryRead(answer) ?? throw Invalid(function, "it has no status code");

    private JsonElement Finish(string function, ApiEnvelope envelope, CallSecrets secrets)
    {
        if (envelope.IsSuccess)
            return envelope.Result;
        var reason = secrets.Clean(envelope.ErrorMessage) ?? $"it ended as '{envelope.StatusCode}'";
        throw new ManagementApiException(
            ManagementApiFailure.Refused, $"{function} failed on {_server}: {reason}", function, secrets.Clean(envelope.ErrorDetails));
    }

    private T Read<T>(string function, JsonElement result)
    {
        try
        {
            return result.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null
                ? throw Invalid(function, "it has no result")
                : result.Deserialize<T>(ManagementApiJson.Read) ?? throw Invalid(function, "it has no result");
        }
        catch (JsonException exception)
        {
            throw Invalid(function, $"its result can not be read at {exception.Path}");
        }
    }

    private ManagementApiException Invalid(string function, string why) =>
        new(
            ManagementApiFailure.InvalidAnswer,
            $"The answer of {_server} to {function} is not one of the Management API: {why}.",
            function);
}
