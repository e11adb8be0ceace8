using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using SpeElsa.Activities;
using SpeElsa.Server.Identity;
using SpeElsa.Server.Moves;

namespace SpeElsa.Server.Secrets;

/// <summary>
/// The secrets that administrators store: keys and passwords that the settings name, and, under names that begin with <c>script-</c>, those that steps of authors
/// may have. They are kept apart from those that moves make.
/// </summary>
internal static partial class MachineSecrets
{
    private const string Prefix = "machines/";
    private const int LongestName = 100;
    internal const int LongestValue = 64 * 1024;

    /// <summary>The reference of the secret that the settings call so.</summary>
    public static string Reference(string name) => HumanTasks.SecretPrefix + StoredName(name);

    public static void MapSecrets(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/secrets").WithTags("Secrets").RequireAuthorization(Policies.Administer);
        group.MapGet("/", ListAsync).WithSummary("What the secrets are called, which settings name them, and whether they are stored")
            .WithDescription("What the settings name and nobody has stored comes first. No answer has a secret in it.");
        group.MapPut("/{name}", PutAsync).WithSummary("Store a secret that the settings name, or that scripts may have").WithDescription("Scripts may have those whose names begin with 'script-'. It replaces the one before and is never shown again.");
        group.MapDelete("/{name}", DeleteAsync).WithSummary("Forget such a secret; harmless when it is gone");
    }

    private static async Task<Results<Ok<PagedList<SecretView>>, ValidationProblem>> ListAsync(
        SecretCatalog secrets,
        CancellationToken cancellationToken,
        [Description("Which page, from 1")] int page = 1,
        [Description("How many rows a page has, at most 200")] int pageSize = 25) =>
        MoveEndpoints.CheckPage(page, pageSize) is { } problem ? problem : TypedResults.Ok(await secrets.ListAsync(page, pageSize, cancellationToken));

    private static async Task<Results<NoContent, ValidationProblem>> PutAsync(
        string name, SecretRequest request, HttpContext http, SecretCatalog secrets, ILogger<SecretRequest> logger, CancellationToken cancellationToken)
    {
        if (!IsName(name))
        {
            return Invalid("name", $"Use 1 to {LongestName} letters, digits, dots, hyphens and underscores.");
        }

        if (string.IsNullOrWhiteSpace(request.Value) || Encoding.UTF8.GetByteCount(request.Value) > LongestValue)
        {
            return Invalid("value", $"Send the secret as 'value', at most {LongestValue} bytes.");
        }

        await secrets.StoreAsync(name, request.Value, http.User.Identity?.Name ?? "unknown", cancellationToken);
        Stored(logger, name, http.User.Identity?.Name);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ValidationProblem>> DeleteAsync(
        string name, HttpContext http, SecretCatalog secrets, ILogger<SecretRequest> logger, CancellationToken cancellationToken)
    {
        if (!IsName(name))
        {
            return Invalid("name", $"Use 1 to {LongestName} letters, digits, dots, hyphens and underscores.");
        }

        await secrets.ForgetAsync(name, cancellationToken);
        Forgotten(logger, name, http.User.Identity?.Name);
        return TypedResults.NoContent();
    }

    /// <summary>A script may have what is stored under the name it writes itself, and nothing that is kept with a prefix.</summary>
    internal static string StoredName(string name) => RunScript.MayHave(name) ? name : Prefix + name;

    private static bool IsName(string name) => name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static ValidationProblem Invalid(string field, string error) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]> { [field] = [error] }, title: "The request can not be used as it stands");

    [LoggerMessage(EventId = 7303, Level = LogLevel.Information, Message = "Secret {Name} was stored by {By}")]
    private static partial void Stored(ILogger logger, string name, string? by);

    [LoggerMessage(EventId = 7304, Level = LogLevel.Information, Message = "Secret {Name} was removed by {By}")]
    private static partial void Forgotten(ILogger logger, string name, string? by);
}

/// <summary>A secret.</summary>
/// <param name="Value">The key or password.</param>
internal sealed record SecretRequest([property: Description("The key or password; a private key with its lines"), MaxLength(MachineSecrets.LongestValue)] string? Value)
{
    /// <summary>Names no value.</summary>
    public override string ToString() => nameof(SecretRequest);
}
