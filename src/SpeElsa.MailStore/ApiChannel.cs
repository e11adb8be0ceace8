using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace SpeElsa.MailStore;

/// <summary>
/// One authenticated POST and its answer as JSON; every way it can go wrong becomes a <see cref="ManagementApiException"/>.
/// </summary>
internal sealed class ApiChannel : IDisposable
{
    private const int LargestAnswer = 64 * 1024 * 1024;
    private readonly ManagementApiConnection _connection;
    private readonly ManagementApiTimeouts _timeouts;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CertificatePin _pin;
    private readonly ApiCredentials _credentials;
    private readonly HttpClient _http;
    private readonly string _server;

    public ApiChannel(ManagementApiConnection connection, ManagementApiTimeouts timeouts, TimeProvider time, ILogger logger)
    {
        var address = connection.BaseAddress;
        if (!address.IsAbsoluteUri || address.Scheme != Uri.UriSchemeHttps
            || address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
            throw new ArgumentException("The Management API address is an https URL without user, query or fragment.", nameof(connection));
        if (connection.UserName.Length == 0 || connection.UserName.Contains(':', StringComparison.Ordinal))
            throw new ArgumentException("The user name is empty or has a colon.", nameof(connection));
        _connection = connection;
        _timeouts = timeouts;
        _time = time;
        _logger = logger;
        _server = address.Authority;
        _pin = new CertificatePin(connection.Thumbprint);
        _credentials = new ApiCredentials(connection);
        _http = new HttpClient(CreateHandler(_pin, timeouts))
        {
            BaseAddress = address.AbsolutePath.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LargestAnswer,
        };
    }

    /// <param name="function">For messages.</param>
    /// <param name="path">Relative to the base address.</param>
    /// <param name="arguments">Form fields; null values are left out, because the server takes an empty value for one.</param>
    /// <param name="secrets">What the call carries; the passwords tried are added.</param>
    /// <param name="notFound">What HTTP 404 means at this path.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<JsonElement> PostAsync(
        string function,
        string path,
        IReadOnlyDictionary<string, string?> arguments,
        CallSecrets secrets,
        ManagementApiFailure notFound,
        CancellationToken cancellationToken)
    {
        var tried = 0;
        await foreach (var credential in _credentials.InOrderAsync(cancellationToken))
        {
            if (tried++ > 0)
                _logger.OtherPassword(_server, _connection.UserName);
            secrets.Add(credential.Password);
            var (status, body) = await SendAsync(function, path, arguments, credential, cancellationToken);
            if (status == HttpStatusCode.Unauthorized)
                continue;
            _credentials.Worked(credential);
            return Read(function, status, body, notFound, secrets);
        }

        throw new ManagementApiException(
            ManagementApiFailure.Unauthorized, $"{_server} does not accept the password of '{_connection.UserName}'. Check the stored one; an administrator with MFA needs an API password, too.", function);
    }

    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler CreateHandler(CertificatePin pin, ManagementApiTimeouts timeouts)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // a redirect would take the call, and what it carries, to a server nobody pinned
            UseCookies = false,
            UseProxy = false, // MailStore's roles do not talk through proxies
            ConnectTimeout = timeouts.Connect,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        handler.SslOptions.RemoteCertificateValidationCallback = pin.Accepts;
        return handler;
    }

    private async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(
        string function,
        string path,
        IReadOnlyDictionary<string, string?> arguments,
        ApiCredential credential,
        CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_timeouts.Request, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        // The form knows its length, also when it is empty: the server refuses a POST without Content-Length.
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(arguments.Where(argument => argument.Value is not null).Select(Field)),
        };
        request.Headers.Authorization = credential.Header;
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token);
            return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(either.Token));
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw limit.IsCancellationRequested
                ? new ManagementApiException(
                    ManagementApiFailure.Timeout,
                    $"{_server} did not answer {function} within {_timeouts.Request}. Check whether it is busy; it may still do what was asked.",
                    function,
                    innerException: exception)
                : Unreachable(function, "no connection in time", exception);
        }
        catch (HttpRequestException exception) when (
            exception.HttpRequestError == HttpRequestError.SecureConnectionError && _pin.Rejected is { } shown)
        {
            throw new ManagementApiException(
                ManagementApiFailure.CertificateMismatch,
                $"{_server} shows a certificate that is not the expected one (its SHA-256 thumbprint is {shown}). "
                    + "If it was changed on purpose, put this one into the Thumbprint of its ManagementApi. If not, find out who answers there: somebody may do so in the server's place.",
                function,
                innerException: exception);
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(function, exception.Message, exception);
        }
        catch (IOException exception)
        {
            // The connection broke while the answer was read.
            throw Unreachable(function, exception.Message, exception);
        }
    }

    private JsonElement Read(string function, HttpStatusCode status, byte[] body, ManagementApiFailure notFound, CallSecrets secrets)
    {
        if (status == HttpStatusCode.NotFound)
        {
            throw new ManagementApiException(
                notFound,
                notFound == ManagementApiFailure.TokenLost
                    ? $"{_server} no longer knows how {function} is going; it was restarted. "
                        + "Look whether it was done before doing it again."
                    : $"{_server} has no function {function}.",
                function);
        }

        JsonElement? answer = null;
        try
        {
            answer = ManagementApiJson.Parse(body);
        }
        catch (JsonException)
        {
            // Not from the API; what it is instead is told by the status, and its text is nobody's business.
        }

        if (status == HttpStatusCode.OK)
        {
            return answer ?? throw new ManagementApiException(
                ManagementApiFailure.InvalidAnswer,
                $"The answer of {_server} to {function} is not JSON. Is the Management API at this address?",
                function);
        }

        var envelope = answer is { } json ? ApiEnvelope.TryRead(json) : null;
        var gone = status is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
        var reason = envelope?.ErrorMessage is { } message ? $": {secrets.Clean(message)}" : "";
        throw new ManagementApiException(
            gone ? ManagementApiFailure.Unreachable : ManagementApiFailure.Refused,
            $"{_server} answered {function} with HTTP {(int)status}{reason}.",
            function,
            secrets.Clean(envelope?.ErrorDetails),
            canRetry: (int)status >= 500);
    }

    private static KeyValuePair<string, string> Field(KeyValuePair<string, string?> argument) => new(argument.Key, argument.Value!);

    private ManagementApiException Unreachable(string function, string why, Exception exception) =>
        new(ManagementApiFailure.Unreachable, $"{_server} can not be reached for {function}: {why.TrimEnd('.')}. Check that the Management Server runs there and that this is the address of its Management API.", function, innerException: exception);
}
