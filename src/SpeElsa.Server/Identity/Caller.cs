using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using SpeElsa.Activities;
using SpeElsa.Engine.Api.Identity;

namespace SpeElsa.Server.Identity;

/// <summary>Who sends a request.</summary>
/// <param name="Name">The account's or the key's name.</param>
/// <param name="Account">The account, which stays when it is renamed; null for a key, which could be in anybody's hands.</param>
/// <param name="Roles">The roles.</param>
internal sealed record Caller(string Name, string? Account, IReadOnlyCollection<string> Roles)
{
    /// <summary>Whether a person signed in as himself.</summary>
    public bool IsPerson => Account is not null;

    /// <summary>Reads who it is. An account that was removed since its token was issued counts as a key.</summary>
    public static Task<Caller> ReadAsync(HttpContext http) => ReadAsync(http.User, http.RequestServices);

    /// <summary>Reads who looks at a page that lives longer than its request.</summary>
    public static async Task<Caller> ReadAsync(ClaimsPrincipal user, IServiceProvider services)
    {
        var name = user.Identity?.Name ?? "";
        var roles = user.FindAll(ClaimTypes.Role).Select(claim => claim.Value).ToArray();
        var isKey = user.Identity?.AuthenticationType == WorkflowIdentity.ApiKeyScheme;
        var account = isKey ? null
            : user.FindFirst(ClaimTypes.NameIdentifier)?.Value ?? (await services.GetRequiredService<UserManager<Account>>().FindByNameAsync(name))?.Id;
        return new Caller(name, account, roles);
    }

    /// <summary>Somebody else: the person of an account, as if he sent the request.</summary>
    public static async Task<Caller> OfAsync(Account account, UserManager<Account> accounts) => new(account.UserName!, account.Id, [.. await accounts.GetRolesAsync(account)]);

    /// <summary>Whether he may do what a task asks for. Administrators may do everything, designers what operators may.</summary>
    /// <param name="role">The role that the task names.</param>
    public bool MayAnswer(string role) =>
        Has(role) || Has(ServerRoles.Administrator) || (Has(ServerRoles.Designer) && string.Equals(role, HumanTasks.DefaultRole, StringComparison.OrdinalIgnoreCase));

    /// <summary>Under what tasks are kept for somebody: the account, or the name that a key speaks for.</summary>
    public string OwnerId(string name) => Account ?? $"name:{name.ToUpperInvariant()}";

    /// <summary>In whose name he speaks: a person in his own, a key in the name that is given.</summary>
    /// <param name="given">The name that the request gives.</param>
    /// <returns>The name, or what is wrong with it.</returns>
    public (string? Name, string? Error) Speak(string? given) =>
        !IsPerson ? string.IsNullOrWhiteSpace(given) ? (null, "Say who does this: the key alone does not tell.") : (given.Trim(), null)
        : string.IsNullOrWhiteSpace(given) || string.Equals(given.Trim(), Name, StringComparison.OrdinalIgnoreCase) ? (Name, null)
        : (null, $"You are signed in as {Name} and speak for yourself; leave it out.");

    /// <summary>The roles whose tasks he may do.</summary>
    public IReadOnlyCollection<string> Answers => [.. ServerRoles.All.Select(role => role.Id).Where(MayAnswer)];

    private bool Has(string role) => Roles.Contains(role, StringComparer.OrdinalIgnoreCase);
}
