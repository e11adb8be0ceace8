using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SpeElsa.MailStore.Tests;

/// <summary>A Management Server reduced to its wire: what was asked is kept, what is answered the test decides.</summary>
internal sealed class StubServer : IAsyncDisposable
{
    private static readonly X509Certificate2 SelfSigned = CreateCertificate();
    private readonly WebApplication _app;
    private readonly Func<StubRequest, StubAnswer> _answer;

    private StubServer(Func<StubRequest, StubAnswer> answer)
    {
        _answer = answer;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(SelfSigned)));
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    public static string Sha1 => SelfSigned.GetCertHashString();

    public static string Sha256 => SelfSigned.GetCertHashString(HashAlgorithmName.SHA256);

    public ConcurrentQueue<StubRequest> Requests { get; } = new();

    public Uri Address => new(_app.Urls.Single());

    public static async Task<StubServer> StartAsync(Func<StubRequest, StubAnswer> answer)
    {
        var server = new StubServer(answer);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public static Task<StubServer> WithResultAsync(string result) => StartAsync(_ => StubAnswer.Succeeded(result));

    public ManagementApiClient Client(
        string password = "correct horse",
        string? apiPassword = null,
        string? thumbprint = null,
        ILogger<ManagementApiClient>? logger = null,
        ManagementApiTimeouts? timeouts = null)
    {
        var connection = new ManagementApiConnection(
            Address, "speelsa", _ => new(password), apiPassword is null ? null : _ => new(apiPassword), thumbprint ?? Sha1);
        return new ManagementApiClient(connection, logger: logger, timeouts: timeouts ?? Quick);
    }

    public static ManagementApiTimeouts Quick { get; } = new()
    {
        StatusWait = TimeSpan.FromMilliseconds(
        20),
        StatusInterval = TimeSpan.FromMilliseconds(1)
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var header = context.Request.Headers.Authorization.ToString();
        var request = new StubRequest(
            context.Request.Method,
            context.Request.Path,
            context.Request.ContentType,
            context.Request.ContentLength,
            header.StartsWith("Basic ", StringComparison.Ordinal) ? Encoding.UTF8.GetString(Convert.FromBase64String(header[6..])) : null,
            await reader.ReadToEndAsync(context.RequestAborted));
        Requests.Enqueue(request);
        var answer = _answer(request);
        if (answer.Abort)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json";
        if (answer.Location is not null)
            context.Response.Headers.Location = answer.Location;
        await context.Response.Body.WriteAsync(
            answer.Bom ? [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(answer.Body)] : Encoding.UTF8.GetBytes(answer.Body));
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=MailStoreManagementServer", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
    }
}

internal sealed record StubRequest(string Method, string Path, string? ContentType, long? ContentLength, string? Credentials, string Body)
{
    public Dictionary<string, string> Form => Body.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => WebUtility.UrlDecode(pair[0]), pair => WebUtility.UrlDecode(pair[1]));
}

internal sealed record StubAnswer(int Status, string Body, bool Bom = true, bool Abort = false, string? Location = null)
{
    public static StubAnswer Succeeded(string result) => new(200, Frame("succeeded", result));

    public static StubAnswer Running(string token, int version) => new(200, Frame("running", "null", token, version));

    public static StubAnswer Failed(string message, string? details = null) => new(
        200,
        $$"""
        {"error":{"message":{{Json(message)}},"details":{{(details is null ? "null" : Json(details))}}},
         "token":null,"statusVersion":1,"statusCode":"failed","result":null}
        """);

    public static StubAnswer Final(string statusCode) => new(200, Frame(statusCode, "null"));

    public static StubAnswer Broken { get; } = new(200, "", Abort: true);

    private static string Frame(string status, string result, string? token = null, int version = 0) =>
        $$"""
        {"error":null,"token":{{(token is null ? "null" : Json(token))}},"statusVersion":{{version}},"statusCode":"{{status}}",
         "percentProgress":null,"statusText":null,"result":{{result}},"logOutput":null}
        """;

    private static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
