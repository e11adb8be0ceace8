using System.Security.Claims;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>What a caller may do with definitions.</summary>
internal readonly record struct DefinitionRights(bool Write, bool Publish, bool Retract, bool Delete, bool Execute)
{
    public static DefinitionRights Of(ClaimsPrincipal user)
    {
        string[] held = [.. user.FindAll(Permissions.ClaimType).Select(claim => claim.Value)];
        return new DefinitionRights(
            May(Permissions.WriteDefinitions),
            May(Permissions.PublishDefinitions),
            May(Permissions.RetractDefinitions),
            May(Permissions.DeleteDefinitions),
            May(Permissions.ExecuteDefinitions));

        bool May(string permission) => Permissions.Suffice(held, [permission]);
    }
}
