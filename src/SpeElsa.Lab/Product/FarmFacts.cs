using System.Text.Json.Nodes;

namespace SpeElsa.Lab;

/// <summary>
/// The facts of a farm that belong to no server: its licence, its mail account, whether it is seeded. Those of the multi server farm stand in
/// a part of their own, those of the single server at the top.
/// </summary>
internal static class FarmFacts
{
    private const string MultiPart = "multi";
    private const string FarmState = "farm";
    private const string LicencePart = "licence";

    public static JsonObject Of(JsonObject facts, LabFarmKind kind) =>
        kind == LabFarmKind.Multi ? (JsonObject)(facts[MultiPart] ??= new JsonObject()) : facts;

    public static JsonObject Of(LabFarm farm, LabFarmKind kind) => Of(farm.Facts(), kind);

    /// <summary>The farm a server belongs to.</summary>
    public static LabFarmKind KindOf(LabServer server) =>
        (string?)server.State()[FarmState] == MultiPart ? LabFarmKind.Multi : LabFarmKind.Single;

    public static void SetKind(LabServer server, LabFarmKind kind)
    {
        if (KindOf(server) != kind)
        {
            server.UpdateState(state => state[FarmState] = MultiPart);
        }
    }

    public static string? LicensedServer(LabFarm farm, LabFarmKind kind) => (string?)Of(farm, kind)[LicencePart]?["serverName"];

    public static void SetLicence(JsonObject facts, LabFarmKind kind, string licenseeId, string serverName) =>
        Of(facts, kind)[LicencePart] = new JsonObject { ["serverName"] = serverName, ["licenseeID"] = licenseeId };

    public static void BindLicence(LabFarm farm, LabFarmKind kind, string serverName) => farm.UpdateFacts(facts =>
        (Of(facts, kind)[LicencePart] ??= new JsonObject())["serverName"] = serverName);

    public static IReadOnlyList<LabLicence> Licences(LabFarm farm) =>
    [
        .. new[] { LabFarmKind.Single, LabFarmKind.Multi }
            .Where(kind => Of(farm, kind)[LicencePart] is not null)
            .Select(kind => new LabLicence(
                NameOf(kind),
                LicenseeId(kind),
                LicensedServer(farm, kind))),
    ];

    /// <summary>A farm as a person sees it named.</summary>
    public static string NameOf(LabFarmKind kind) => kind == LabFarmKind.Multi ? MultiPart : "single";

    public static string LicenseeId(LabFarmKind kind) => kind == LabFarmKind.Multi ? "LAB-0002" : "LAB-0001";
}
