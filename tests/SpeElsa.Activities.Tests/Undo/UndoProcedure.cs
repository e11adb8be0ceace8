using SpeElsa.Lab;

namespace SpeElsa.Activities.Tests.Undo;

/// <summary>A procedure on a farm of the bench, with the person's part in it and in the way back.</summary>
/// <param name="Scenario">Its definition.</param>
/// <param name="Farm">The farm.</param>
/// <param name="Source">The old server.</param>
/// <param name="Target">The new one; empty where there is none.</param>
/// <param name="Inputs">What the plan says besides.</param>
/// <param name="Returning">The servers that have to be as they were.</param>
/// <param name="Acts">What a person does for each task, by how its name begins. A task that is not listed is only answered.</param>
internal sealed record UndoProcedure(
    string Scenario,
    LabFarmKind Farm,
    string Source,
    string Target,
    Dictionary<string, object?> Inputs,
    string[] Returning,
    Dictionary<string, Func<LabBench, string, Task>> Acts)
{
    private const string Manager = "spe-mgmt";
    private const string NewManager = "spe-mgmt-new";
    private const string Host = "spe-ih1";
    private const string OtherHost = "spe-ih2";
    private const string NewHost = "spe-ih-new";
    private const string Access = "spe-cas";
    private const string NewAccess = "spe-cas-new";
    private const string EndUserName = "archive.lab.example";
    private const string NewName = "spe-alpha";

    public static IReadOnlyList<UndoProcedure> All { get; } =
    [
        new(
            "single-server-move",
            LabFarmKind.Single,
            LabBench.Old,
            LabBench.New,
            new() { ["hostNameChanges"] = true, ["dataDirectory"] = @"C:\Mail" },
            [LabBench.Old],
            new()
            {
                ["mfa-off"] = (bench, _) => MfaAsync(bench, LabBench.Old, false),
                ["transfer-licence"] = (bench, _) => LicenceAsync(bench, LabBench.New),
                ["install"] = (bench, _) => bench.Product.InstallAsync(LabBench.New, null, null, Token),
                ["mfa-on"] = (bench, _) => MfaAsync(bench, LabBench.New, true),
                ["undo-transfer-licence"] = (bench, _) => LicenceAsync(bench, LabBench.Old),
                ["undo-mfa-off"] = (bench, _) => MfaAsync(bench, LabBench.Old, true),
            }),
        new(
            "move-management-server",
            LabFarmKind.Multi,
            Manager,
            NewManager,
            [],
            [Manager, Host, OtherHost, Access],
            new()
            {
                ["install"] = (bench, _) => bench.Product.InstallProgramsAsync(NewManager, null, Token),
                ["add-role"] = (bench, _) => bench.Product.AddRoleAsync(NewManager, ProductRole.ManagementServer, null, Token),
                ["mfa-off"] = (bench, _) => MfaAsync(bench, Manager, false),
                ["transfer-licence"] = (bench, _) => LicenceAsync(bench, NewManager),
                ["configure-"] = (bench, task) => ConfigureAsync(bench, task, NewManager),
                ["mfa-on"] = (bench, _) => MfaAsync(bench, NewManager, true),
                ["undo-transfer-licence"] = (bench, _) => LicenceAsync(bench, Manager),
                ["undo-configure-"] = (bench, task) => ConfigureAsync(bench, task, Manager),
                ["undo-mfa-off"] = (bench, _) => MfaAsync(bench, Manager, true),
            }),
        new(
            "move-instance-host",
            LabFarmKind.Multi,
            Host,
            NewHost,
            new() { ["managementServer"] = Manager, ["dataDirectory"] = @"C:\Mail", ["parallelCopies"] = 1 },
            [Host, OtherHost, Manager],
            new()
            {
                ["install"] = (bench, _) => bench.Product.InstallProgramsAsync(NewHost, null, Token),
                ["add-role"] = (bench, _) => bench.Product.AddRoleAsync(NewHost, ProductRole.InstanceHost, null, Token),
                ["pair"] = (bench, _) => bench.Product.PairAsync(NewHost, ProductRole.InstanceHost, Manager, null, Token),
                ["undo-pair"] = (bench, _) => ForgetAsync(bench, "DeleteInstanceHost", NewHost),
            }),
        new(
            "move-instances",
            LabFarmKind.Multi,
            Host,
            OtherHost,
            new() { ["managementServer"] = Manager, ["dataDirectory"] = @"C:\Mail", ["instances"] = "hooli, vandelay", ["parallelCopies"] = 1 },
            [Host, Manager],
            [])
        {
            TargetGoesOn = true,
        },
        new(
            "move-client-access-server",
            LabFarmKind.Multi,
            Access,
            NewAccess,
            new() { ["managementServer"] = Manager, ["clientAccessName"] = EndUserName },
            [Access, Manager],
            new()
            {
                ["install"] = (bench, _) => bench.Product.InstallProgramsAsync(NewAccess, null, Token),
                ["add-role"] = (bench, _) => bench.Product.AddRoleAsync(NewAccess, ProductRole.ClientAccessServer, null, Token),
                ["pair"] = (bench, _) => bench.Product.PairAsync(NewAccess, ProductRole.ClientAccessServer, Manager, null, Token),
                ["choose-certificates"] = (bench, _) => bench.Product.ChooseCertificatesAsync(
                    NewAccess, Certificate(bench, "MailStoreClientAccessServerHttp"), Certificate(bench, "MailStoreClientAccessServerImap"), Token),
                ["switch-name"] = (bench, _) => LeadAsync(bench, NewAccess),
                ["undo-pair"] = (bench, _) => ForgetAsync(bench, "DeleteClientAccessServer", NewAccess),
                ["undo-switch-name"] = (bench, _) => LeadAsync(bench, Access),
            })
        {
            Prepare = bench => LeadAsync(bench, Access),
        },
        new(
            "rename-server",
            LabFarmKind.Single,
            LabBench.Old,
            "",
            new() { ["newName"] = NewName },
            [LabBench.Old],
            new()
            {
                ["rename-computer"] = (bench, _) => bench.Product.RenameComputerAsync(LabBench.Old, NewName, Token),
                ["transfer-licence"] = (bench, _) => LicenceAsync(bench, NewName),
                ["rename-management"] = (bench, _) => bench.Product.RenameServerAsync(LabBench.Old, ProductRole.ManagementServer, NewName, Token),
                ["rename-roles"] = (bench, _) => RenameRolesAsync(bench, NewName),
                ["undo-rename-computer"] = (bench, _) => bench.Product.RenameComputerAsync(LabBench.Old, LabBench.Old, Token),
                ["undo-transfer-licence"] = (bench, _) => LicenceAsync(bench, LabBench.Old),
                ["undo-rename-management"] = (bench, _) => bench.Product.RenameServerAsync(LabBench.Old, ProductRole.ManagementServer, LabBench.Old, Token),
                ["undo-rename-roles"] = async (bench, _) =>
                {
                    await RenameRolesAsync(bench, LabBench.Old);
                    await ForgetNewNameAsync(bench);
                },
            }),
    ];

    /// <summary>What is there before the move begins.</summary>
    public Func<LabBench, Task> Prepare { get; init; } = _ => Task.CompletedTask;

    /// <summary>The new server served before the move, and serves after its undo.</summary>
    public bool TargetGoesOn { get; init; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Task DoAsync(LabBench bench, string task) =>
        Acts.Where(act => task.StartsWith(act.Key, StringComparison.Ordinal)).OrderByDescending(act => act.Key.Length).Select(act => act.Value).FirstOrDefault()?.Invoke(bench, task) ?? Task.CompletedTask;

    private static async Task MfaAsync(LabBench bench, string server, bool enabled)
    {
        await bench.Product.SetMfaAsync(server, "admin", enabled, Token);
        await bench.Product.SetMfaAsync(server, "m.berger", enabled, Token);
    }

    private static Task LicenceAsync(LabBench bench, string server) => bench.Product.TransferLicenceAsync(server, Token);

    private static Task ConfigureAsync(LabBench bench, string task, string manager)
    {
        var server = new[] { Host, OtherHost, Access }.Single(name => task.EndsWith(name, StringComparison.Ordinal));
        return bench.Product.ConfigureManagementServerAsync(server, server == Access ? ProductRole.ClientAccessServer : ProductRole.InstanceHost, manager, Token);
    }

    private static Task LeadAsync(LabBench bench, string server)
    {
        bench.Farm.Dns.Set(EndUserName, bench.Server(server).FullName, TimeSpan.FromMinutes(5));
        return Task.CompletedTask;
    }

    private static async Task ForgetAsync(LabBench bench, string function, string server)
    {
        using var api = await bench.Fleet.ManagementApiAsync(Manager, Token);
        await api.InvokeAsync(function, new Dictionary<string, string?> { ["serverName"] = server }, Token);
    }

    private static async Task RenameRolesAsync(LabBench bench, string name)
    {
        foreach (var role in new[] { ProductRole.InstanceHost, ProductRole.ClientAccessServer })
        {
            await bench.Product.RenameServerAsync(LabBench.Old, role, name, Token);
            await bench.Product.PairAsync(LabBench.Old, role, "localhost", null, Token);
        }
    }

    /// <summary>What somebody had entered under the new name when nothing had gone over to it yet.</summary>
    private static async Task ForgetNewNameAsync(LabBench bench)
    {
        using var api = await bench.Fleet.ManagementApiAsync(LabBench.Old, Token);
        var isFree = (await api.GetInstancesAsync("*", Token)).All(instance => instance.InstanceHost != NewName);
        var name = new Dictionary<string, string?> { ["serverName"] = NewName };
        if (isFree && (await api.GetInstanceHostsAsync(null, Token)).Any(entry => entry.ServerName == NewName))
        {
            await api.InvokeAsync("DeleteInstanceHost", name, Token);
        }

        if (isFree && (await api.GetClientAccessServersAsync(null, false, Token)).Any(entry => entry.ServerName == NewName))
        {
            await api.InvokeAsync("DeleteClientAccessServer", name, Token);
        }
    }

    private static string Certificate(LabBench bench, string name) =>
        bench.Server(Access).Certificates().Single(certificate => certificate.FriendlyName == name).Thumbprint;
}
