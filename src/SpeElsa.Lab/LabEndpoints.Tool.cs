using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SpeElsa.Lab;

// The vendor's configuration tool in multi server mode, and the computer's name in Windows.
public static partial class LabEndpoints
{
    private static void MapTool(RouteGroupBuilder group, LabProduct product)
    {
        group.MapGet("/servers/{name}/roles", (string name) =>
            TryAsync(() => Task.FromResult(TypedResults.Ok(product.RolesOf(name)))));
        group.MapPost("/servers/{name}/roles", (string name, LabRoleRequest request, CancellationToken cancellationToken) =>
            ForRole(request.Role, role => product.AddRoleAsync(name, role, null, cancellationToken)));
        group.MapDelete("/servers/{name}/roles/{role}", (string name, string role, CancellationToken cancellationToken) =>
            ForRole(role, known => product.RemoveRoleAsync(name, known, cancellationToken)));
        group.MapPost(
            "/servers/{name}/roles/{role}/management-server",
            (string name, string role, LabPairRequest request, CancellationToken cancellationToken) =>
                string.IsNullOrWhiteSpace(request.ManagementServer)
                    ? Task.FromResult<IResult>(Invalid("Name the machine of the Management Server: managementServer."))
                    : ForRole(role, known => product.ConfigureManagementServerAsync(name, known, request.ManagementServer, cancellationToken)));
        group.MapPost(
            "/servers/{name}/roles/{role}/pair",
            (string name, string role, LabPairRequest request, CancellationToken cancellationToken) =>
                string.IsNullOrWhiteSpace(request.ManagementServer)
                    ? Task.FromResult<IResult>(Invalid("Name the machine of the Management Server: managementServer."))
                    : ForRole(
                        role, known => product.PairAsync(name, known, request.ManagementServer, request.Thumbprint, cancellationToken)));
        group.MapPost(
            "/servers/{name}/roles/{role}/server-name",
            (string name, string role, LabServerNameRequest request, CancellationToken cancellationToken) =>
                string.IsNullOrWhiteSpace(request.ServerName)
                    ? Task.FromResult<IResult>(Invalid("Say which name it is to have: serverName."))
                    : ForRole(role, known => product.RenameServerAsync(name, known, request.ServerName, cancellationToken)));
        group.MapPost(
            "/servers/{name}/computer-name",
            (string name, LabComputerNameRequest request, CancellationToken cancellationToken) =>
                string.IsNullOrWhiteSpace(request.ComputerName)
                    ? Task.FromResult<IResult>(Invalid("Say which name it is to have: computerName."))
                    : DoAsync(() => product.RenameComputerAsync(name, request.ComputerName, cancellationToken)));
        group.MapPost(
            "/servers/{name}/roles/clientAccessServer/certificates",
            (string name, LabCertificatesRequest request, CancellationToken cancellationToken) =>
                string.IsNullOrWhiteSpace(request.Http) && string.IsNullOrWhiteSpace(request.Imap)
                    ? Task.FromResult<IResult>(Invalid("Choose a certificate by its thumbprint: http, imap or both."))
                    : DoAsync(() => product.ChooseCertificatesAsync(name, request.Http, request.Imap, cancellationToken)));
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
