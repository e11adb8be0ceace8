using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace SpeElsa.Engine.Api.Rest;

/// <summary>What Elsa calls the rights of its API. They arrive as claims of the type <see cref="ClaimType"/>; "*" is all of them, "read:*" all that read.</summary>
public static class Permissions
{
    /// <summary>The type of the claims.</summary>
    public const string ClaimType = "permissions";

    /// <summary>Everything.</summary>
    public const string All = "*";

    /// <summary>Everything that reads.</summary>
    public const string ReadAll = "read:*";

    /// <summary>Reads definitions.</summary>
    public const string ReadDefinitions = "read:workflow-definitions";

    /// <summary>Saves drafts and imports.</summary>
    public const string WriteDefinitions = "write:workflow-definitions";

    /// <summary>Publishes versions.</summary>
    public const string PublishDefinitions = "publish:workflow-definitions";

    /// <summary>Ends publications.</summary>
    public const string RetractDefinitions = "retract:workflow-definitions";

    /// <summary>Deletes versions and definitions.</summary>
    public const string DeleteDefinitions = "delete:workflow-definitions";

    /// <summary>Starts workflows.</summary>
    public const string ExecuteDefinitions = "exec:workflow-definitions";

    /// <summary>Reads instances, their journal and variables.</summary>
    public const string ReadInstances = "read:workflow-instances";

    /// <summary>Changes variables of instances.</summary>
    public const string WriteInstances = "write:workflow-instances";

    /// <summary>Cancels instances.</summary>
    public const string CancelInstances = "cancel:workflow-instances";

    /// <summary>Deletes instances that have ended.</summary>
    public const string DeleteInstances = "delete:workflow-instances";

    /// <summary>Reads what activities did.</summary>
    public const string ReadExecutions = "read:activity-execution";

    /// <summary>Reports tasks as done.</summary>
    public const string CompleteTasks = "tasks:complete";

    /// <summary>Raises events.</summary>
    public const string TriggerEvents = "trigger:event";

    /// <summary>Runs one activity to try it.</summary>
    public const string ExecuteTests = "exec:tests";

    /// <summary>Whether somebody who has these rights may do what asks for one of those.</summary>
    /// <param name="held">What is held.</param>
    /// <param name="wanted">What is enough; one of them has to be held.</param>
    public static bool Suffice(IReadOnlyCollection<string> held, IReadOnlyCollection<string> wanted) =>
        held.Contains(All, StringComparer.Ordinal)
        || wanted.Any(permission => held.Contains(permission, StringComparer.Ordinal)
            || (permission.StartsWith("read:", StringComparison.Ordinal) && held.Contains(ReadAll, StringComparer.Ordinal)));

    /// <summary>Lets in who has one of these rights: 401 without a sign-in, 403 without the right.</summary>
    internal static TBuilder Need<TBuilder>(this TBuilder endpoint, params string[] permissions)
        where TBuilder : IEndpointConventionBuilder
    {
        var policy = new AuthorizationPolicyBuilder()
            .RequireAuthenticatedUser()
            .RequireAssertion(context => Suffice([.. context.User.FindAll(ClaimType).Select(claim => claim.Value)], permissions))
            .Build();
        return endpoint.RequireAuthorization(policy).WithMetadata(new NeededPermissions(permissions));
    }
}

/// <summary>What an endpoint of the API needs, for whoever keeps a record of what is done.</summary>
/// <param name="names">The rights; one of them is enough.</param>
public sealed class NeededPermissions(IReadOnlyList<string> names)
{
    /// <summary>The rights; one of them is enough.</summary>
    public IReadOnlyList<string> Names { get; } = names;

    /// <summary>Whether it only reads, whatever its HTTP method is: some of Elsa's lists are asked for with POST.</summary>
    public bool OnlyReads => Names.Count > 0 && Names.All(name => name.StartsWith("read:", StringComparison.Ordinal));
}
