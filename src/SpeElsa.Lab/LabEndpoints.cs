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
    public static RouteGroupBuilder MapLab(this IEndpointRouteBuilder endpoints, LabFarm farm, LabProduct product) => endpoints.MapLab(new LabSites(new LabSite("", farm, product)));

    /// <summary>Maps the lab with its copies under <c>/lab</c>. A server of a copy is called by its name there, such as <c>spe-old~7f39fed65b98</c>.</summary>
    /// <param name="endpoints">Where to.</param>
    /// <param name="sites">The farms.</param>
    /// <returns>The group, on which the host puts its authorization.</returns>
    public static RouteGroupBuilder MapLab(this IEndpointRouteBuilder endpoints, LabSites sites)
    {
        ArgumentNullException.ThrowIfNull(sites);
        var group = endpoints.MapGroup("/lab").WithTags("Lab");
        group.MapGet("/servers", () => new LabOverview(
            [.. sites.All.SelectMany(site => site.Farm.Servers.Select(server => Describe(server, site)))],
            sites.Own?.Product.LicensedServer,
            [.. sites.All.SelectMany(site => site.Product.Violations)],
            [.. sites.All.SelectMany(site => site.Product.Licences.Select(licence => licence with { ServerName = licence.ServerName is { } name ? site.NameOf(name) : null }))]));
        group.MapGet("/servers/{name}/effects", Results<Ok<IReadOnlyList<LabEffect>>, ProblemHttpResult> (string name) =>
            sites.Find(name) is var (_, server) ? TypedResults.Ok(server.Effects) : Missing(name));
        group.MapGet("/servers/{name}/dashboard", (string name, CancellationToken cancellationToken) => On(
            sites, name, (site, server) => TryAsync(async () => TypedResults.Ok(await site.Product.GetDashboardAsync(server, cancellationToken)))));
        group.MapGet("/servers/{name}/fingerprint", (string name, CancellationToken cancellationToken) => On(
            sites, name, (site, server) => TryAsync(async () => TypedResults.Ok(await site.Product.GetFingerprintAsync(server, cancellationToken)))));
        group.MapPost("/servers/{name}/install", (string name, LabInstallRequest? request, CancellationToken cancellationToken) => On(
            sites,
            name,
            (site, server) => request?.Mode switch
            {
                null or LabProduct.SingleServerMode => DoAsync(() => site.Product.InstallAsync(server, request?.Version, null, cancellationToken)),
                LabProduct.MultiServerMode => DoAsync(() => site.Product.InstallProgramsAsync(server, request.Version, cancellationToken)),
                _ => Task.FromResult<IResult>(Invalid(
                    $"There is no mode '{request.Mode}'; use '{LabProduct.SingleServerMode}' or '{LabProduct.MultiServerMode}'.")),
            }));
        group.MapPost("/licence/transfer", (LabLicenceRequest request, CancellationToken cancellationToken) =>
            string.IsNullOrWhiteSpace(request.ServerName)
                ? Task.FromResult<IResult>(Invalid("Name the server the licence is to be bound to: serverName."))
                : On(sites, request.ServerName, (site, server) => DoAsync(() => site.Product.TransferLicenceAsync(server, cancellationToken))));
        group.MapPost(
            "/servers/{name}/administrators/{user}/mfa",
            (string name, string user, LabMfaRequest request, CancellationToken cancellationToken) => request.Enabled is { } enabled
                ? On(sites, name, (site, server) => DoAsync(() => site.Product.SetMfaAsync(server, user, enabled, cancellationToken)))
                : Task.FromResult<IResult>(Invalid("Say whether MFA is to be on: enabled.")));
        group.MapPost("/servers/{name}/smtp", (string name, LabSmtpRequest request, CancellationToken cancellationToken) =>
            string.IsNullOrWhiteSpace(request.Password)
                ? Task.FromResult<IResult>(Invalid("Enter the password: password."))
                : On(sites, name, (site, server) => DoAsync(() => site.Product.SetSmtpPasswordAsync(server, request.Password, cancellationToken))));
        group.MapPost("/servers/{name}/reboot", (string name, CancellationToken cancellationToken) =>
            On(sites, name, (site, server) => DoAsync(() => site.Product.RebootAsync(server, cancellationToken))));
        group.MapGet("/servers/{name}/faults", Results<Ok<IReadOnlyList<LabFault>>, ProblemHttpResult> (string name) =>
            sites.Find(name) is var (site, server) ? TypedResults.Ok(site.Farm.Faults.List(server)) : Missing(name));
        group.MapPost("/servers/{name}/faults", (string name, LabFault fault, CancellationToken cancellationToken) =>
            ChangeFaultsAsync(sites, name, (faults, server) => faults.Set(server, fault), cancellationToken));
        group.MapDelete("/servers/{name}/faults", (string name, CancellationToken cancellationToken) =>
            ChangeFaultsAsync(sites, name, (faults, server) => faults.Clear(server), cancellationToken));
        group.MapPost("/dns", (LabNameRequest request) =>
            string.IsNullOrWhiteSpace(request.Name) || sites.Find(request.ServerName ?? "") is not var (site, server)
                ? Task.FromResult<IResult>(Invalid("Name what is looked up (name), and a server of the lab that it is to lead to (serverName)."))
                : DoAsync(() =>
                {
                    site.Farm.Dns.Set(request.Name, server.FullName, TimeSpan.FromMinutes(5));
                    return Task.CompletedTask;
                }));
        MapTool(group, sites);
        return group;
    }

    /// <summary>Acts on a server in its own farm, under the name that it has there.</summary>
    private static Task<IResult> On(LabSites sites, string name, Func<LabSite, string, Task<IResult>> act) =>
        sites.Find(name) is var (site, _) ? act(site, site.Inside(name)) : Task.FromResult<IResult>(Missing(name));

    private static async Task<IResult> ChangeFaultsAsync(LabSites sites, string name, Action<LabFaults, LabServer> change, CancellationToken cancellationToken)
    {
        if (sites.Find(name) is not var (site, server))
        {
            return Missing(name);
        }

        try
        {
            change(site.Farm.Faults, server);
        }
        catch (ArgumentException exception)
        {
            return Invalid(exception.Message);
        }

        await site.Product.SettleAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static LabServerView Describe(LabServer server, LabSite site) => new(
        site.NameOf(server.Name),
        server.FullName,
        server.DiskBytes,
        server.BootedAt,
        site.Product.Licences.Any(licence => string.Equals(licence.ServerName, server.ComputerName, StringComparison.OrdinalIgnoreCase)),
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
