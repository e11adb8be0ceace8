using System.Text.Json.Nodes;

namespace SpeElsa.Lab;

internal sealed partial class ApiFunctions
{
    private const string PasswordField = "password";

    private IEnumerable<ApiFunction> SystemFunctions()
    {
        yield return ApiFunction.Of("GetSystemAdministrators", GetSystemAdministrators);
        yield return ApiFunction.Of("GetSystemSmtpConfiguration", GetSmtp);
        yield return ApiFunction.Of("SetSystemSmtpConfiguration", SetSmtp, new ApiArgument("config", "json"));
        yield return ApiFunction.Of("TestSystemSmtpConfiguration", TestSmtp);
        if (_options.MfaFunctions)
        {
            yield return ApiFunction.Of("DeactivateSystemAdministratorMFA", DeactivateMfa, new ApiArgument("userName"));
            yield return ApiFunction.Of("InitializeSystemAdministratorMFA", InitializeMfa, new ApiArgument("userName"));
        }
    }

    /// <summary>Switches MFA on with a new secret, or off. What the API does and what a person does in the console.</summary>
    public string? SetMfa(RunningRole manager, string userName, bool enabled, string effect)
    {
        lock (_simulation.Gate)
        {
            var administrator = manager.Database!.Administrator(userName)
                ?? throw new ApiRefusedException($"There is no system administrator '{userName}'.");
            if (enabled == (administrator.MfaSecret is not null))
            {
                return null;
            }

            var secret = enabled ? LabSecrets.Random() : null;
            administrator.MfaSecret = secret is null ? null : MachineKey.Protect(manager.Server, secret);
            manager.Database.Write(manager.Server, _options.Names);
            manager.Server.RecordEffect(effect, $"{administrator.UserName}:{(enabled ? "on" : "off")}");
            return secret;
        }
    }

    /// <summary>Stores the password of the mail account, protected by the machine the Management Server is on.</summary>
    public void SetSmtpPassword(RunningRole manager, string password, string effect)
    {
        lock (_simulation.Gate)
        {
            var configuration = manager.Database!.SystemSmtpConfiguration
                ?? throw new ApiRefusedException("There are no SMTP settings a password could belong to.");
            manager.Database.SystemSmtpPassword = MachineKey.Protect(manager.Server, password);
            manager.Database.Write(manager.Server, _options.Names);
            manager.Server.RecordEffect(effect, (string?)configuration["hostname"] ?? "");
        }
    }

    private JsonArray GetSystemAdministrators(ApiCall call) =>
        new([.. call.Database.SystemAdministrators.Select(administrator => new JsonObject
    {
        ["userName"] = administrator.UserName,
        ["fullName"] = administrator.FullName,
        ["emailAddress"] = administrator.EmailAddress,
        [_options.MfaField] = administrator.MfaSecret is not null,
    })]);

    private JsonNode? DeactivateMfa(ApiCall call)
    {
        SetMfa(call.Manager, call.Text("userName"), enabled: false, "api:DeactivateSystemAdministratorMFA");
        return null;
    }

    private JsonNode? InitializeMfa(ApiCall call) =>
        SetMfa(call.Manager, call.Text("userName"), enabled: true, "api:InitializeSystemAdministratorMFA") is { } secret
            ? new JsonObject { ["secret"] = secret }
            : null;

    private static JsonObject GetSmtp(ApiCall call)
    {
        var configuration = call.Database.SystemSmtpConfiguration?.DeepClone().AsObject() ?? [];
        configuration[PasswordField] = null;
        return configuration;
    }

    private JsonNode? SetSmtp(ApiCall call)
    {
        var configuration = call.Json("config");
        var password = (string?)configuration[PasswordField];
        configuration.Remove(PasswordField);
        return Write(call, "SetSystemSmtpConfiguration", (string?)configuration["hostname"] ?? "", database =>
        {
            database.SystemSmtpConfiguration = configuration;
            // The password is never sent out, so a null that comes back means the one that is stored.
            database.SystemSmtpPassword = string.IsNullOrEmpty(password)
                ? database.SystemSmtpPassword
                : MachineKey.Protect(call.Manager.Server, password);
            return true;
        });
    }

    private JsonNode? TestSmtp(ApiCall call)
    {
        if (call.Database.SystemSmtpConfiguration is not { } configuration)
        {
            throw new ApiRefusedException("There are no SMTP settings.");
        }

        if (MachineKey.Unprotect(call.Manager.Server, call.Database.SystemSmtpPassword) is not { } password)
        {
            throw new ApiRefusedException("The SMTP password could not be decrypted. Enter it again.");
        }

        var account = FarmFacts.Of(_farm, FarmFacts.KindOf(call.Manager.Server))["mailAccount"];
        return (string?)account?["userName"] == (string?)configuration["username"]
            && PasswordHash.Verify((string?)account?["passwordHash"], password)
            ? null
            : throw new ApiRefusedException("The mail server did not accept user name and password: 535 5.7.8 authentication failed.");
    }
}
