using Microsoft.AspNetCore.Http.HttpResults;
using SpeElsa.Server.Identity;
using SpeElsa.Server.Moves;

namespace SpeElsa.Server.Evidence;

/// <summary>Hands out what proves a move, and the key it is signed with.</summary>
internal static class EvidenceEndpoints
{
    private const string ZipType = "application/zip";

    public static void AddEvidence(this IServiceCollection services)
    {
        services.AddSingleton<EvidenceKey>();
        services.AddSingleton<EvidenceReader>();
        services.AddSingleton<EvidenceReport>();
    }

    public static void MapEvidence(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/moves/{id}/evidence", BundleAsync).RequireAuthorization(Policies.Read).WithTags("Moves")
            .WithSummary("The evidence of a move, as a signed ZIP")
            .WithDescription("Report, journal, human tasks, observations and definitions. 'spe verify' checks it offline. A move that has not ended is shown as it stands.")
            .Produces<Stream>(StatusCodes.Status200OK, ZipType)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        endpoints.MapGet("/api/evidence/key", Key).RequireAuthorization(Policies.Read).WithTags("Moves")
            .WithSummary("The key that evidence is signed with: its public part and fingerprint")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> BundleAsync(
        string id, EvidenceReader reader, EvidenceReport report, EvidenceKey key, CancellationToken cancellationToken)
    {
        if (key.Fault is { } fault)
        {
            return NoKey(fault);
        }

        try
        {
            if (await reader.ReadAsync(id, cancellationToken) is not { } source)
            {
                return MoveEndpoints.Unknown(id);
            }

            var evidence = EvidenceBuilder.Build(source);
            var page = await report.RenderAsync(source, evidence, key.Fingerprint);
            return TypedResults.File(EvidenceBundle.Write(source, evidence, page, key), ZipType, $"move-{id}.zip");
        }
        catch (IOException exception)
        {
            return TypedResults.Problem(exception.Message, statusCode: StatusCodes.Status503ServiceUnavailable, title: "The move can not be read now");
        }
    }

    private static Results<Ok<EvidenceKeyView>, ProblemHttpResult> Key(EvidenceKey key) => key.Fault is { } fault
        ? NoKey(fault)
        : TypedResults.Ok(new EvidenceKeyView(EvidenceKey.Algorithm, key.Fingerprint, key.PublicPem));

    private static ProblemHttpResult NoKey(string fault) =>
        TypedResults.Problem(fault, statusCode: StatusCodes.Status503ServiceUnavailable, title: "Evidence can not be signed");
}

/// <summary>The key that evidence is signed with.</summary>
/// <param name="Algorithm">ECDSA-P256-SHA256.</param>
/// <param name="Fingerprint">SHA-256 of the public key (DER of SubjectPublicKeyInfo), lower-case hex.</param>
/// <param name="PublicKey">The public key as PEM.</param>
internal sealed record EvidenceKeyView(string Algorithm, string Fingerprint, string PublicKey);
