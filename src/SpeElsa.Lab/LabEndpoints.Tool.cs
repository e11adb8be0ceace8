using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SpeElsa.Lab;

// The vendor's configuration tool in multi server mode, and the computer's name in Windows.
public static partial class LabEndpoints
{
    private static void MapTool(RouteGroupBuilder group, LabSites sites)
    {
        group.MapGet("/servers/{name}/roles", (string name) =>
            On(sites, name, (site, server) => TryAsync(() => Task.FromResult(TypedResults.Ok(site.Product.RolesOf(server))))));
        group.MapPost("/servers/{name}/roles", (string name, LabRoleRequest request, CancellationToken cancellationToken) =>
            On(sites, name, (site, server) => ForRole(request.Role, role => site.Product.AddRoleAsync(server, role, null, cancellationToken))));
        group.MapDelete("/servers/{name}/roles/{role}", (string name, string role, CancellationToken cancellationToken) =>
            On(sites, name, (site, server) => ForRole(role, known => site.Product.RemoveRoleAsync(server, known, cancellationToken))));
        group.MapPost(
            "/servers/{name}/roles/{role}/management-server",
            (string name, string role, LabPairRequest request, CancellationToken cancellationToken) =>
                string.IsNullOrWhiteSpace(request.ManagementServer)
                    ? Task.FromResult<IResult>(Invalid("Name the machine of the Management Server: managementServer."))
                    : On(sites, name, (site, server) => ForRole(
                        role, known => site.Product.ConfigureManagementServerAsync(server, known, site.Inside(request.ManagementServer), cancellationToken))));
        group.MapPost(
            "/servers/{name}/roles/{role}/pair",
            (string name, string role, LabPairRequest request, CancellationToken cancellationToken) =>
                string.IsNullOrWhiteSpace(request.ManagementServer)
                    ? Task.FromResult<IResult>(Invalid("Name the machine of the Management Server: managementServer."))
                    : On(sites, name, (site, server) => ForRole(
                        role, known => site.Product.PairAsync(server, known, site.Inside(request.ManagementServer), request.Thumbprint, cancellationToken))));
        group.MapPost(
            "/servers/{name}/roles/{role}/server-name",
            (string name, string role, LabServerNameRequest request, CancellationToken cancellationToken) =>
                string.IsNullOrWhiteSpace(request.ServerName)
                    ? Task.FromResult<IResult>(Invalid("Say which name it is to have: serverName."))
                    : On(sites, name, (site, server) => ForRole(role, known => site.Product.RenameServerAsync(server, known, request.ServerName, cancellationToken))));
        group.MapPost(
            "/servers/{name}/computer-name",
            (string name, LabComputerNameRequest request, CancellationToken cancellationToken) =>
                string.IsNullOrWhiteSpace(request.ComputerName)
                    ? Task.FromResult<IResult>(Invalid("Say which name it is to have: computerName."))
                    : On(sites, name, (site, server) => DoAsync(() => site.Product.RenameComputerAsync(server, request.ComputerName, cancellationToken))));
        group.MapPost(
            "/servers/{name}/roles/clientAccessServer/certificates",
            (string name, LabCertificatesRequest request, CancellationToken cancellationToken) =>
                string.IsNullOrWhiteSpace(request.Http) && string.IsNullOrWhiteSpace(request.Imap)
                    ? Task.FromResult<IResult>(Invalid("Choose a certificate by its thumbprint: http, imap or both."))
                    : On(sites, name, (site, server) => DoAsync(() => site.Product.ChooseCertificatesAsync(server, request.Http, request.Imap, cancellationToken))));
    }

    private static Task<IResult> ForRole(string? name, Func<ProductRole, Task> act)
    {
        foreach (var role in Enum.GetValues<ProductRole>())
        {
            if (string.Equals(role.ToString(), name, StringComparison.OrdinalIgnoreCase))
            {
                return DoAsync(() => act(role));
            }
        }

        return Task.FromResult<IResult>(Invalid($"There is no role '{name}'; use managementServer, instanceHost or clientAccessServer."));
    }
}

/// <summary>Add a role.</summary>
public sealed record LabRoleRequest([property: JsonPropertyName("role")] string? Role);

/// <summary>Name, or pair with, a Management Server.</summary>
public sealed record LabPairRequest(
    [property: JsonPropertyName("managementServer")] string? ManagementServer,
    [property: JsonPropertyName("thumbprint")] string? Thumbprint = null);

/// <summary>Rename a role's server.</summary>
public sealed record LabServerNameRequest([property: JsonPropertyName("serverName")] string? ServerName);

/// <summary>Rename the computer.</summary>
public sealed record LabComputerNameRequest([property: JsonPropertyName("computerName")] string? ComputerName);

/// <summary>Choose the certificates end users see.</summary>
public sealed record LabCertificatesRequest(
    [property: JsonPropertyName("http")] string? Http = null,
    [property: JsonPropertyName("imap")] string? Imap = null);
