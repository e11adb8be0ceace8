using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace SpeElsa.Lab;

/// <summary>
/// The Management API of one run of a Management Server: HTTPS on loopback with the server's certificate. It behaves on the wire as
/// http.sys and the product do: 411 without a length, 401 with a challenge, 404 for what is unknown, a byte order mark before each answer.
/// </summary>
internal sealed class ManagementApiListener : IAsyncDisposable
{
    private const int LongestPoll = 60_000;
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly RunningRole _manager;
    private readonly ApiFunctions _functions;
    private readonly RoleSimulation _simulation;
    private readonly LabProductOptions _options;
    private readonly TimeSpan _slowStep;
    private readonly ILogger _logger;
    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;

    private ManagementApiListener(
        RunningRole manager,
        int port,
        bool otherCertificate,
        ApiFunctions functions,
        RoleSimulation simulation,
        LabProductOptions options,
        TimeSpan slowStep,
        ILogger logger)
    {
        (_manager, _functions, _simulation, _options, _slowStep, _logger) = (manager, functions, simulation, options, slowStep, logger);
        HasOtherCertificate = otherCertificate;
        Thumbprint = manager.Configuration!.Thumbprint;
        _certificate = otherCertificate ? MakeOther() : manager.Server.Certificates().First(certificate => certificate.Thumbprint == Thumbprint).Open();
        // Empty on purpose: neither the environment nor a settings file of the host may add an address to listen on.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(_certificate);
            });
        });
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    public RunningRole Manager => _manager;

    public string Thumbprint { get; }

    /// <summary>Whether it shows a certificate that nobody knows, in place of the server's.</summary>
    public bool HasOtherCertificate { get; }

    /// <exception cref="IOException">The port is taken.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The system keeps the port for itself.</exception>
    public static async Task<ManagementApiListener> StartAsync(
        RunningRole manager,
        int port,
        bool otherCertificate,
        ApiFunctions functions,
        RoleSimulation simulation,
        LabProductOptions options,
        TimeSpan slowStep,
        ILogger logger)
    {
        var listener = new ManagementApiListener(manager, port, otherCertificate, functions, simulation, options, slowStep, logger);
        try
        {
            await listener._app.StartAsync();
            return listener;
        }
        catch
        {
            await listener.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A process that is stopped does not wait for those who are still talking to it.
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private static X509Certificate2 MakeOther()
    {
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=Other", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    /// <summary>
    /// 1. No length, no answer but 411. 2. Who is it? 3. Which path? 4. For a function: check the arguments, carry it out, frame what came
    /// of it.
    /// </summary>
    private async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers.Server = "Microsoft-HTTPAPI/2.0";
        context.Response.Headers.CacheControl = "no-cache, no-store";
        if (_simulation.Manager(_manager.Server.Name) != _manager)
        {
            context.Abort();
            return;
        }

        var isPost = HttpMethods.IsPost(context.Request.Method);
        if (isPost && context.Request.ContentLength is null)
        {
            context.Response.StatusCode = StatusCodes.Status411LengthRequired;
            return;
        }

        if (ApiAuthentication.Authenticate(context.Request, _manager) is not { } userName)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"MailStore Management API\"";
            return;
        }

        var path = context.Request.Path.Value ?? "";
        var isMetadata = path == "/api/get-metadata";
        if (!isPost && !(isMetadata && HttpMethods.IsGet(context.Request.Method)))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        var arguments = form.ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal);
        const string Invoke = "/api/invoke/";
        object? answer = path switch
        {
            "/api/get-metadata" => _functions.Metadata(),
            "/api/get-status" => await GetStatusAsync(arguments, context.RequestAborted),
            "/api/cancel-async" => CancelAsync(arguments),
            _ when path.StartsWith(Invoke, StringComparison.Ordinal)
                && _functions.All.FirstOrDefault(function => function.Name == path[Invoke.Length..]) is { } function =>
                await InvokeAsync(function, userName, arguments),
            _ => null,
        };
        if (answer is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = "application/json";
        byte[] body = [.. Encoding.UTF8.Preamble, .. JsonSerializer.SerializeToUtf8Bytes(answer, Json)];
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private async Task<ApiAnswer> InvokeAsync(ApiFunction function, string userName, IReadOnlyDictionary<string, string> arguments)
    {
        if (!function.MayRunOn || _slowStep <= TimeSpan.Zero)
        {
            return await RunAsync(function, new ApiCall(_manager, userName, arguments, _slowStep, null), arguments);
        }

        var operation = _manager.Operations.Begin();
        // Owned by the operation: it ends with the call or with the role, and its outcome is what get-status tells.
        _ = Task.Run(async () => operation.Finish(
            await RunAsync(function, new ApiCall(_manager, userName, arguments, _slowStep, operation), arguments)));
        return operation.Answer;
    }

    private async Task<ApiAnswer> RunAsync(ApiFunction function, ApiCall call, IReadOnlyDictionary<string, string> arguments)
    {
        try
        {
            ApiCall.Check(function, arguments);
            Task<JsonNode?> running;
            if (function.MayRunOn)
            {
                running = function.Handler(call);
            }
            else
            {
                lock (_simulation.Gate)
                {
                    running = function.Handler(call);
                }
            }

            return ApiAnswer.Succeeded(await running);
        }
        catch (ApiRefusedException exception)
        {
            return ApiAnswer.Failed(exception.Message);
        }
        catch (OperationCanceledException)
        {
            return ApiAnswer.Cancelled(_options.CancelledStatus);
        }
        catch (Exception exception)
        {
            // The edge of the simulated product: like the real one it answers with an error whatever breaks inside.
            _logger.FunctionBroke(function.Name, _manager.Server.Name, exception);
            return ApiAnswer.Failed("An unexpected error occurred.", exception.GetType().Name);
        }
    }

    private async Task<ApiAnswer?> GetStatusAsync(Dictionary<string, string> arguments, CancellationToken cancellationToken)
    {
        if (!arguments.TryGetValue("token", out var token) || _manager.Operations.Find(token) is not { } operation)
        {
            return null;
        }

        return Number("lastKnownStatusVersion") is { } version && Number("millisecondsTimeout") is { } wait and >= 0
            ? await operation.WaitAsync(version, TimeSpan.FromMilliseconds(Math.Min(wait, LongestPoll)), cancellationToken)
            : ApiAnswer.Failed("Argument 'lastKnownStatusVersion' or 'millisecondsTimeout' is missing or invalid.");

        long? Number(string name) =>
            arguments.TryGetValue(name, out var text) && long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private ApiAnswer? CancelAsync(Dictionary<string, string> arguments)
    {
        if (!arguments.TryGetValue("token", out var token) || _manager.Operations.Find(token) is not { } operation)
        {
            return null;
        }

        operation.Cancel();
        return ApiAnswer.Succeeded(null);
    }
}
