using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Api.Rest;

namespace SpeElsa.Server.Identity;

/// <summary>Gives a session the rights of its account's roles.</summary>
internal sealed class AccountClaims(UserManager<Account> users, RoleManager<IdentityRole> roles, IOptions<IdentityOptions> options)
    : UserClaimsPrincipalFactory<Account, IdentityRole>(users, roles, options)
{
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(Account user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        identity.AddClaims(ServerRoles.PermissionsOf(await UserManager.GetRolesAsync(user)).Select(permission => new Claim(Permissions.ClaimType, permission)));
        return identity;
    }
}

/// <summary>Ends a session on the request after its account was signed out everywhere, got a new password or other roles, or was removed.</summary>
internal static class SessionCheck
{
    public static async Task ValidateAsync(Microsoft.AspNetCore.Authentication.Cookies.CookieValidatePrincipalContext context)
    {
        var signIn = context.HttpContext.RequestServices.GetRequiredService<SignInManager<Account>>();
        if (await signIn.ValidateSecurityStampAsync(context.Principal) is null)
        {
            context.RejectPrincipal();
            await signIn.SignOutAsync();
        }
    }
}
