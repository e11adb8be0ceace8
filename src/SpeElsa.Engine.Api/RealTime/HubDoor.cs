using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SpeElsa.Engine.Api.RealTime;

/// <summary>Lets into the hub who has signed in, or holds the ticket of a user who has.</summary>
internal static class HubDoor
{
    private const string Negotiation = "/negotiate";

    public static RequestDelegate Guard(RequestDelegate next) => async context =>
    {
        var tickets = context.RequestServices.GetRequiredService<HubTickets>();
        if (context.User.Identity?.IsAuthenticated is not true && context.Request.Query["id"].ToString() is { Length: > 0 } token && tickets.Take(token) is { } user)
        {
            context.User = user;
        }

        if (context.User.Identity?.IsAuthenticated is not true)
        {
            await ChallengeAsync(context);
        }
        else if (context.Request.Path.Value?.TrimEnd('/').EndsWith(Negotiation, StringComparison.OrdinalIgnoreCase) is true)
        {
            await NegotiateAsync(context, next, tickets);
        }
        else
        {
            await next(context);
        }
    };

    private static async Task ChallengeAsync(HttpContext context)
    {
        if (context.RequestServices.GetService<IAuthenticationSchemeProvider>() is { } schemes && await schemes.GetDefaultChallengeSchemeAsync() is not null)
        {
            await context.ChallengeAsync();
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }
    }

    /// <summary>The answer of the negotiation holds the token of the connection; it is noted for its user on the way out.</summary>
    private static async Task NegotiateAsync(HttpContext context, RequestDelegate next, HubTickets tickets)
    {
        var body = context.Response.Body;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = body;
        }

        if (TokenOf(answer) is { } token)
        {
            tickets.Add(token, context.User);
        }

        answer.Position = 0;
        await answer.CopyToAsync(body, context.RequestAborted);
    }

    private static string? TokenOf(MemoryStream answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer.ToArray());
            return json.RootElement.ValueKind is JsonValueKind.Object && json.RootElement.TryGetProperty("connectionToken", out var token) ? token.GetString() : null;
        }
        catch (JsonException)
        {
            // A refusal, in words.
            return null;
        }
    }
}
