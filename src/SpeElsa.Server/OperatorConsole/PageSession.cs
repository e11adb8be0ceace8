using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using SpeElsa.Server.Identity;

namespace SpeElsa.Server.OperatorConsole;

/// <summary>Looks now and then whether the reader of an open page is still signed in: a page lives longer than its request.</summary>
internal sealed class PageSession(ILoggerFactory loggers, IServiceScopeFactory scopes) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        var user = authenticationState.User;
        return await accounts.GetUserAsync(user) is { } account
            && user.FindFirst(accounts.Options.ClaimsIdentity.SecurityStampClaimType)?.Value == await accounts.GetSecurityStampAsync(account);
    }
}
