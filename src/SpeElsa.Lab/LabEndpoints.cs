using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace SpeElsa.Lab;

/// <summary>What a person does on the servers of the lab, over HTTP.</summary>
public static partial class LabEndpoints
{
    private static readonly EnumerationOptions AllFiles =
        new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>
    /// Maps the lab under <c>/lab</c>. The host puts its authorization on the returned group: without it anybody may switch servers off.
    /// </summary>
    public static RouteGroupBuilder MapLab(this IEndpointRouteBuilder endpoints, LabFarm farm, LabProduct product)
    {
        ArgumentNullException.ThrowIfNull(farm);
        ArgumentNullException.ThrowIfNull(product);
        var group = endpoints.MapGroup("/lab").WithTags("Lab");
        group.MapGet("/servers", () => new LabOverview(
            [.. farm.Servers.Select(server => Describe(server, product))], product.LicensedServer, product.Violations, product.Licences));
        group.MapGet("/servers/{name}/effects", Results<Ok<IReadOnlyList<LabEffect>>, ProblemHttpResult> (string name) =>
            farm.Find(name) is { } server ? TypedResults.Ok(server.Effects) : Missing(name));
        group.MapGet("/servers/{name}/dashboard", (string name, CancellationToken cancellationToken) => TryAsync(
            async () => TypedResults.Ok(await product.GetDashboardAsync(name, cancellationToken))));
        group.MapGet("/servers/{name}/fingerprint", (string name, CancellationToken cancellationToken) => TryAsync(
            async () => TypedResults.Ok(await product.GetFingerprintAsync(name, cancellationToken))));
        group.MapPost("/servers/{name}/install", (string name, LabInstallRequest? request, CancellationToken cancellationToken) =>
            request?.Mode switch
            {
                null or LabProduct.SingleServerMode => DoAsync(() => product.InstallAsync(name, request?.Version, null, cancellationToken)),
                LabProduct.MultiServerMode => DoAsync(() => product.InstallProgramsAsync(name, request.Version, cancellationToken)),
                _ => Task.FromResult<IResult>(Invalid(
                    $"There is no mode '{request.Mode}'; use '{LabProduct.SingleServerMode}' or '{LabProduct.MultiServerMode}'.")),
            });
        group.MapPost("/licence/transfer", (LabLicenceRequest request, CancellationToken cancellationToken) =>
            string.IsNullOrWhiteSpace(request.ServerName)
                ? Task.FromResult<IResult>(Invalid("Name the server the licence is to be bound to: serverName."))
                : DoAsync(() => product.TransferLicenceAsync(request.ServerName, cancellationToken)));
        group.MapPost(
            "/servers/{name}/administrators/{user}/mfa",
            (string name, string user, LabMfaRequest request, CancellationToken cancellationToken) => request.Enabled is { } enabled
                ? DoAsync(() => product.SetMfaAsync(name, user, enabled, cancellationToken))
                : Task.FromResult<IResult>(Invalid("Say whether MFA is to be on: enabled.")));
        group.MapPost("/servers/{name}/smtp", (string name, LabSmtpRequest request, CancellationToken cancellationToken) =>
            string.IsNullOrEmpty(request.Password)
                ? Task.FromResult<IResult>(Invalid("Enter the password: password."))
                : DoAsync(() => product.SetSmtpPasswordAsync(name, request.Password, cancellationToken)));
        group.MapPost("/servers/{name}/reboot", (string name, CancellationToken cancellationToken) =>
            DoAsync(() => product.RebootAsync(name, cancellationToken)));
        group.MapGet("/servers/{name}/faults", Results<Ok<IReadOnlyList<LabFault>>, ProblemHttpResult> (string name) =>
            farm.Find(name) is { } server ? TypedResults.Ok(farm.Faults.List(server)) : Missing(name));
        group.MapPost("/servers/{name}/faults", (string name, LabFault fault, CancellationToken cancellationToken) =>
            ChangeFaultsAsync(farm, product, name, server => farm.Faults.Set(server, fault), cancellationToken));
        group.MapDelete("/servers/{name}/faults", (string name, CancellationToken cancellationToken) =>
            ChangeFaultsAsync(farm, product, name, farm.Faults.Clear, cancellationToken));
        group.MapPost("/dns", (LabNameRequest request) =>
            string.IsNullOrWhiteSpace(request.Name) || farm.Find(request.ServerName ?? "") is not { } server
                ? Task.FromResult<IResult>(Invalid("Name what is looked up (name), and a server of the lab that it is to lead to (serverName)."))
                : DoAsync(() =>
                {
                    farm.Dns.Set(request.Name, server.FullName, TimeSpan.FromMinutes(5));
                    return Task.CompletedTask;
                }));
        MapTool(group, product);
        return group;
    }

    private static async Task<IResult> ChangeFaultsAsync(
        LabFarm farm, LabProduct product, string name, Action<LabServer> change, CancellationToken cancellationToken)
    {
        if (farm.Find(name) is not { } server)
        {
            return Missing(name);
        }

        try
        {
            change(server);
        }
        catch (ArgumentException exception)
        {
            return Invalid(exception.Message);
        }

        await product.SettleAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static LabServerView Describe(LabServer server, LabProduct product) => new(
        server.Name,
        server.FullName,
        server.DiskBytes,
        server.BootedAt,
        product.Licences.Any(licence => string.Equals(licence.ServerName, server.ComputerName, StringComparison.OrdinalIgnoreCase)),
        server.Services,
        [.. server.Certificates().Select(certificate => new LabCertificateView(
            certificate.Thumbprint,
            certificate.Subject,
            certificate.FriendlyName,
            certificate.NotAfter,
            certificate.HasPrivateKey,
            certificate.Exportable))],
        Directory.EnumerateFiles(server.DriveRoot, "*", AllFiles).LongCount(),
        server.Effects.CountBy(effect => effect.Kind).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary());

    private static Task<IResult> DoAsync(Func<Task> act) => TryAsync(async () =>
    {
        await act();
        return TypedResults.NoContent();
    });

    private static async Task<IResult> TryAsync(Func<Task<IResult>> act)
    {
        try
        {
            return await act();
        }
        catch (LabProductException exception)
        {
            return TypedResults.Problem(
                exception.Message, statusCode: exception.IsNotFound ? StatusCodes.Status404NotFound : StatusCodes.Status409Conflict);
        }
    }

    private static async Task<IResult> TryAsync<T>(Func<Task<T>> act)
        where T : IResult => await TryAsync(async () => (IResult)await act());

    private static ProblemHttpResult Missing(string name) =>
        TypedResults.Problem($"The lab has no server '{name}'.", statusCode: StatusCodes.Status404NotFound);

    private static ProblemHttpResult Invalid(string detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status400BadRequest);
}

/// <summary>The farm at a glance.</summary>
public sealed record LabOverview(
    [property: JsonPropertyName("servers")] IReadOnlyList<LabServerView> Servers,
    [property: JsonPropertyName("licensedServer")] string? LicensedServer,
    [property: JsonPropertyName("violations")] IReadOnlyList<LabViolation> Violations,
    [property: JsonPropertyName("licences")] IReadOnlyList<LabLicence> Licences);

/// <summary>A server at a glance.</summary>
public sealed record LabServerView(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("fullName")] string FullName,
    [property: JsonPropertyName("diskBytes")] long DiskBytes,
    [property: JsonPropertyName("bootedAt")] DateTimeOffset BootedAt,
    [property: JsonPropertyName("licensed")] bool Licensed,
    [property: JsonPropertyName("services")] IReadOnlyList<LabService> Services,
    [property: JsonPropertyName("certificates")] IReadOnlyList<LabCertificateView> Certificates,
    [property: JsonPropertyName("files")] long Files,
    [property: JsonPropertyName("effects")] IReadOnlyDictionary<string, int> Effects);

/// <summary>A certificate without its key.</summary>
public sealed record LabCertificateView(
    [property: JsonPropertyName("thumbprint")] string Thumbprint,
    [property: JsonPropertyName("subject")] string Subject,
    [property: JsonPropertyName("friendlyName")] string FriendlyName,
    [property: JsonPropertyName("notAfter")] DateTimeOffset NotAfter,
    [property: JsonPropertyName("hasPrivateKey")] bool HasPrivateKey,
    [property: JsonPropertyName("exportable")] bool Exportable);

/// <summary>Install and set up.</summary>
public sealed record LabInstallRequest(
    [property: JsonPropertyName("version")] string? Version = null,
    [property: JsonPropertyName("mode")] string? Mode = null);

/// <summary>Bind the licence to a server.</summary>
public sealed record LabLicenceRequest([property: JsonPropertyName("serverName")] string? ServerName);

/// <summary>Switch MFA.</summary>
public sealed record LabMfaRequest([property: JsonPropertyName("enabled")] bool? Enabled);

/// <summary>Enter the password of the mail account.</summary>
public sealed record LabSmtpRequest([property: JsonPropertyName("password")] string? Password)
{
    /// <summary>Names no value.</summary>
    public override string ToString() => nameof(LabSmtpRequest);
}

/// <summary>Let a name lead to a server.</summary>
public sealed record LabNameRequest(
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("serverName")] string? ServerName);
