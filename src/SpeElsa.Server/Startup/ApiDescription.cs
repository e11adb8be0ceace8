using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using SpeElsa.Engine.Api.Identity;

namespace SpeElsa.Server.Startup;

/// <summary>Says in the API's description what it is and that every call needs the key.</summary>
internal sealed class ApiDescription : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info.Title = "SpeElsa";
        document.Info.Description = "Moves roles of MailStore Service Provider Edition between servers. Every call needs the header 'Authorization: ApiKey KEY'.";
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[WorkflowIdentity.ApiKeyScheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = "Authorization",
            Description = "The word ApiKey, a space, and the key.",
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(WorkflowIdentity.ApiKeyScheme, document)] = [] }];
        return Task.CompletedTask;
    }
}
