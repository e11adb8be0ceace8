using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Elsa.Identity.Options;

/// <summary>How tokens are made. The key is a secret: take it from a secret store or the environment, never from a file that is committed.</summary>
public class IdentityTokenOptions
{
    /// <summary>What tokens are signed with (HMAC-SHA256): at least 32 ASCII characters, made at random.</summary>
    public string SigningKey { get; set; } = "";

    /// <summary>Who issues them. Default http://elsa.api.</summary>
    public string Issuer { get; set; } = "http://elsa.api";

    /// <summary>Whom they are for. Default http://elsa.api.</summary>
    public string Audience { get; set; } = "http://elsa.api";

    /// <summary>How long an access token is good. Default 1 hour.</summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a refresh token is good. Default 2 hours.</summary>
    public TimeSpan RefreshTokenLifetime { get; set; } = TimeSpan.FromHours(2);

    /// <summary>How long the API key of a new application is good where its maker says nothing. Default null: for ever.</summary>
    public TimeSpan? ApplicationKeyLifetime { get; set; }

    internal SymmetricSecurityKey CreateKey() => new(Encoding.ASCII.GetBytes(SigningKey));
}

/// <summary>Stops the start of a host whose tokens anybody could make. Names no key.</summary>
internal sealed class IdentityTokenCheck : IValidateOptions<IdentityTokenOptions>
{
    private const int ShortestKey = 32;

    public ValidateOptionsResult Validate(string? name, IdentityTokenOptions options)
    {
        var errors = new List<string>();
        if (options.SigningKey.Length < ShortestKey || !Ascii.IsValid(options.SigningKey))
        {
            errors.Add(
                $"The signing key of Elsa's identity has {options.SigningKey.Length} characters; it needs at least {ShortestKey}, all of them ASCII, made at random. "
                + "Set it in UseIdentity(identity => identity.TokenOptions = options => options.SigningKey = …), from a secret store or the environment.");
        }

        if (options.ApplicationKeyLifetime <= TimeSpan.Zero)
        {
            errors.Add("The lifetime of API keys (ApplicationKeyLifetime) has to be above zero.");
        }

        if (options.AccessTokenLifetime <= TimeSpan.Zero || options.RefreshTokenLifetime <= TimeSpan.Zero)
        {
            errors.Add("The lifetimes of Elsa's tokens (AccessTokenLifetime, RefreshTokenLifetime) have to be above zero.");
        }

        if (string.IsNullOrWhiteSpace(options.Issuer) || string.IsNullOrWhiteSpace(options.Audience))
        {
            errors.Add("Elsa's tokens need an issuer and an audience.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
