using Microsoft.AspNetCore.Authorization;
using SpeElsa.Engine.Api.Rest;

namespace SpeElsa.Server.Identity;

/// <summary>What an endpoint or page of this server asks for. Each is one right of Elsa's, so tokens and keys count here as they do there.</summary>
internal static class Policies
{
    /// <summary>Sees everything but secrets.</summary>
    public const string Read = "Read";

    /// <summary>Answers tasks.</summary>
    public const string Answer = "Answer";

    /// <summary>Starts and ends moves.</summary>
    public const string Operate = "Operate";

    /// <summary>Changes procedures.</summary>
    public const string Design = "Design";

    /// <summary>Everything, users and keys among it.</summary>
    public const string Administer = "Administer";

    /// <summary>Is signed in, whatever he may do.</summary>
    public const string SignedIn = "SignedIn";

    private static readonly (string Policy, string Permission)[] Rights =
    [
        (Read, Permissions.ReadInstances),
        (Answer, Permissions.CompleteTasks),
        (Operate, Permissions.ExecuteDefinitions),
        (Design, Permissions.WriteDefinitions),
        (Administer, Permissions.All),
    ];

    public static AuthorizationBuilder AddPolicies(this AuthorizationBuilder authorization)
    {
        foreach (var (policy, permission) in Rights)
        {
            authorization.AddPolicy(policy, builder => builder.RequireAuthenticatedUser()
                .RequireAssertion(context => Permissions.Suffice([.. context.User.FindAll(Permissions.ClaimType).Select(claim => claim.Value)], [permission])));
        }

        return authorization
            .AddPolicy(SignedIn, builder => builder.RequireAuthenticatedUser())
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }
}
