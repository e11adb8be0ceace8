using System.Text;
using Elsa.Common.Models;
using Elsa.Workflows.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Expressions.JavaScript;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Scripting;

/// <summary>What script editors complete.</summary>
internal static class ScriptingApi
{
    public static RouteGroupBuilder MapScripting(this RouteGroupBuilder api)
    {
        api.MapPost("/scripting/javascript/type-definitions/{definitionId}", DeclareAsync).Need(Permissions.ReadDefinitions);
        return api;
    }

    private static async Task<IResult> DeclareAsync(
        string definitionId, HttpContext context, IDefinitionStore store, DefinitionCatalog catalog, JavaScriptDeclarations declarations)
    {
        var request = await RestBody.ReadAsync<DeclarationsRequest>(context.Request);
        var latest = await store.FindAsync(definitionId, VersionOptions.Latest, context.RequestAborted);
        var text = declarations.Write(latest is null ? null : await ReadAsync(latest, catalog, context.RequestAborted), request?.ActivityTypeName);
        return Results.File(Encoding.UTF8.GetBytes(text), "application/x-typescript", $"elsa.{definitionId}.d.ts");
    }

    /// <summary>A draft that can not be read yet is no reason to complete nothing.</summary>
    private static async Task<WorkflowGraph?> ReadAsync(DefinitionRecord latest, DefinitionCatalog catalog, CancellationToken cancellationToken)
    {
        try
        {
            return await catalog.ReadAsync(latest, cancellationToken);
        }
        catch (InvalidDefinitionException)
        {
            return null;
        }
    }

    private sealed record DeclarationsRequest(string? ActivityTypeName);
}
