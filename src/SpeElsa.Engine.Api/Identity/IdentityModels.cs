using System.Text.Json.Serialization;

namespace SpeElsa.Engine.Api.Identity;

/// <summary>A name and a password.</summary>
internal sealed record LoginRequest(string? Username, string? Password)
{
    public override string ToString() => nameof(LoginRequest);
}

/// <summary>What a sign-in gives. Without success it has no tokens.</summary>
internal sealed record LoginAnswer(
    bool IsAuthenticated,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AccessToken = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken = null)
{
    public override string ToString() => $"{nameof(LoginAnswer)} {IsAuthenticated}";
}

/// <summary>A user to make or change; what is null stays, or is made up.</summary>
internal sealed record UserRequest(string? Name, string? Password, IReadOnlyList<string>? Roles)
{
    public override string ToString() => nameof(UserRequest);
}

/// <summary>A user. The password is shown once, where the server made it up.</summary>
internal sealed record UserModel(
    string Id,
    string Name,
    IReadOnlyList<string> Roles,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Password = null)
{
    public override string ToString() => $"{nameof(UserModel)} {Id}";
}

internal sealed record UsersAnswer(IReadOnlyList<UserModel> Users);

/// <summary>A role to make or change; what is null stays.</summary>
internal sealed record RoleRequest(string? Id, string? Name, IReadOnlyList<string>? Permissions);

internal sealed record RoleModel(string Id, string Name, IReadOnlyList<string> Permissions);

internal sealed record RolesAnswer(IReadOnlyList<RoleModel> Roles);

/// <summary>An application to make.</summary>
internal sealed record ApplicationRequest(string? Name, IReadOnlyList<string>? Roles, DateTimeOffset? ExpiresAt);

/// <summary>An application. Secret and key are shown once, when they are made.</summary>
internal sealed record ApplicationModel(
    string Id,
    string Name,
    IReadOnlyList<string> Roles,
    string ClientId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? ExpiresAt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? LastUsedAt = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ClientSecret = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ApiKey = null)
{
    public override string ToString() => $"{nameof(ApplicationModel)} {Id}";
}

internal sealed record ApplicationsAnswer(IReadOnlyList<ApplicationModel> Applications);

/// <summary>A secret to hash.</summary>
internal sealed record HashRequest(string? Secret)
{
    public override string ToString() => nameof(HashRequest);
}

internal sealed record HashAnswer(string HashedSecret, string Salt);
