using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using SpeElsa.Server.Identity;

namespace SpeElsa.Server.OperatorConsole;

/// <summary>Who looks at a page, and what he may do. What is not for him is not shown; the API refuses it besides.</summary>
internal sealed class Viewer(AuthenticationStateProvider state, IAuthorizationService authorization, IServiceProvider services)
{
    /// <summary>Whether he may do what a policy is about.</summary>
    public async Task<bool> MayAsync(string policy) => (await authorization.AuthorizeAsync((await state.GetAuthenticationStateAsync()).User, policy)).Succeeded;

    /// <summary>Who it is.</summary>
    public async Task<Caller> CallerAsync() => await Caller.ReadAsync((await state.GetAuthenticationStateAsync()).User, services);
}
