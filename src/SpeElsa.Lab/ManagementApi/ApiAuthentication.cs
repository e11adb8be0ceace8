using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace SpeElsa.Lab;

/// <summary>
/// HTTP Basic as the Management API wants it: the normal password of an administrator without MFA, the API password of one with it. An
/// administrator whose MFA secret cannot be read on this machine is locked out.
/// </summary>
internal static class ApiAuthentication
{
    /// <returns>The administrator's name; null when the caller is not let in.</returns>
    public static string? Authenticate(HttpRequest request, RunningRole manager)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header)
            || !"Basic".Equals(header.Scheme, StringComparison.OrdinalIgnoreCase)
            || header.Parameter is null)
        {
            return null;
        }

        string text;
        try
        {
            text = Encoding.UTF8.GetString(Convert.FromBase64String(header.Parameter));
        }
        catch (FormatException)
        {
            // Not Basic at all.
            return null;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var administrator = colon > 0 ? manager.Database!.Administrator(text[..colon]) : null;
        return administrator is not null && AcceptsApi(manager, administrator, text[(colon + 1)..]) ? administrator.UserName : null;
    }

    public static bool AcceptsApi(RunningRole manager, DatabaseAdministrator administrator, string password) =>
        administrator.MfaSecret is null
            ? PasswordHash.Verify(administrator.PasswordHash, password)
            : MachineKey.Unprotect(manager.Server, administrator.MfaSecret) is not null
                && PasswordHash.Verify(administrator.ApiPasswordHash, password);

    /// <summary>The Management Console: the normal password, and with MFA a code that only a readable secret can check.</summary>
    public static bool AcceptsConsole(RunningRole manager, DatabaseAdministrator administrator, string password) =>
        PasswordHash.Verify(administrator.PasswordHash, password)
        && (administrator.MfaSecret is null || MachineKey.Unprotect(manager.Server, administrator.MfaSecret) is not null);
}
