using System.ComponentModel.DataAnnotations;

namespace SpeElsa.Server.Identity.OpenId;

/// <summary>A provider of OpenID Connect that people sign in with, beside names and passwords. Without an authority there is none.</summary>
public sealed class OpenIdSettings : IValidatableObject
{
    /// <summary>Where it is: the address below which its <c>.well-known/openid-configuration</c> is found. Https, except on this computer.</summary>
    public Uri? Authority { get; set; }

    /// <summary>What this server is called there.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>The name of the secret that this server proves itself with, stored with PUT /api/secrets/{name}. Default none: a public client, which PKCE protects.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>What the button of the sign-in page says. Default "Sign in with single sign-on".</summary>
    public string Label { get; set; } = "Sign in with single sign-on";

    /// <summary>What is asked for. Default openid and profile.</summary>
    public IList<string> Scopes { get; set; } = [];

    /// <summary>The claim that becomes the name of a new account. Default preferred_username.</summary>
    [Required]
    public string NameClaim { get; set; } = "preferred_username";

    /// <summary>The claim whose values stand in <see cref="Roles"/>. Default roles.</summary>
    [Required]
    public string RoleClaim { get; set; } = "roles";

    /// <summary>Which role here a value of the claim gives: such as "SPE operators": "operator". Who has none of them, and no default, is not let in.</summary>
    public IDictionary<string, string> Roles { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The role of whoever the provider lets in without one of the values. Default none.</summary>
    public string? DefaultRole { get; set; }

    /// <summary>Whether there is one.</summary>
    public bool IsOn => Authority is not null;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Authority is not { } authority)
        {
            yield break;
        }

        if (!authority.IsAbsoluteUri || !(authority.Scheme == Uri.UriSchemeHttps || (authority.Scheme == Uri.UriSchemeHttp && authority.IsLoopback)))
        {
            yield return new ValidationResult($"SignIn:OpenId:Authority is '{authority}'; it has to begin with https://.");
        }

        if (string.IsNullOrWhiteSpace(ClientId))
        {
            yield return new ValidationResult("SignIn:OpenId:ClientId is missing: what the provider calls this server.");
        }

        foreach (var role in Roles.Values.Append(DefaultRole).OfType<string>().Where(role => ServerRoles.All.All(known => known.Id != role)).Distinct(StringComparer.Ordinal))
        {
            yield return new ValidationResult($"SignIn:OpenId names the role '{role}', and there are {string.Join(", ", ServerRoles.All.Select(known => known.Id))}.");
        }

        if (Roles.Count == 0 && DefaultRole is null)
        {
            yield return new ValidationResult("SignIn:OpenId gives nobody a role: set Roles or DefaultRole.");
        }
    }

    /// <summary>The roles that these values give.</summary>
    internal IReadOnlyList<string> RolesOf(IEnumerable<string> values)
    {
        var mapped = values.Select(value => Roles.TryGetValue(value, out var role) ? role : null).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return mapped.Count > 0 ? mapped : DefaultRole is null ? [] : [DefaultRole];
    }
}
