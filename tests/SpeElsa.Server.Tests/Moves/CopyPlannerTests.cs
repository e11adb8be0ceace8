using System.Text.Json;
using SpeElsa.Activities;
using SpeElsa.Server.Moves.Rehearsals;

namespace SpeElsa.Server.Tests.Moves;

/// <summary>What copies are made of machines that are not as those of the lab.</summary>
public sealed class CopyPlannerTests
{
    private const string Plan = "7f39fed65b98";
    private const long MostBytes = 24 * 1024 * 1024;
    private static readonly MachineSettings Settings = new() { Name = "mgmt", HostName = "mgmt.corp.example", InstallDirectory = @"D:\Programs\MailStore" };

    [Fact]
    public void What_a_copy_has_not_is_said()
    {
        var planner = new CopyPlanner(Fleet(), Plan, MostBytes);

        var order = planner.Order(Settings, null);
        var inputs = planner.Inputs(Inputs(("source", "mgmt"), ("target", "New Server"), ("newName", "mgmt"), ("dataDirectory", @"e:\Mail\"), ("installerCommand", @"\\nas\setup.exe")));

        Assert.Equal("corp.example", order.Domain);
        Assert.Equal("MailStoreManagementServer_2", order.ManagementServerService);
        Assert.Equal(@"C:\Drive D\Programs\MailStore", order.InstallDirectory);
        Assert.Equal([$"mgmt~{Plan}", $"SRV-0815~{Plan}", $"ih-far~{Plan}"], planner.Machines.Keys);
        Assert.Equal(["mgmt", "New Server", null], planner.Machines.Values);
        Assert.Equal([$"mgmt~{Plan}", $"SRV-0815~{Plan}", "mgmt", @"C:\Drive E\Mail"], inputs.Values.Select(value => value.GetString()));

        var instances = order.Copy.Installation.Instances;
        Assert.Equal([MostBytes, 256 * 1024], instances.Select(instance => instance.Bytes));
        Assert.Equal(@"C:\Shares\nas\archive\small", instances[1].BaseDirectory);
        Assert.Equal(@"C:\Drive E\Stores\2020", Assert.Single(instances[0].OutsideStores).Value);
        Assert.Equal(["ih-far", "mgmt"], order.Copy.Installation.InstanceHosts.Select(host => host.Server).Order());
        Assert.Equal(["true", "false"], order.Copy.Installation.Administrators.Select(administrator => $"{administrator.HasMfa}".ToLowerInvariant()));
        Assert.Equal("CN=\"Odd\"", order.Copy.Servers[0].Certificates[1].Subject);

        Assert.Equal([("Branding/branding.json", 9), ("Startup.cmd", 256 * 1024)], order.Copy.Servers[0].ConfigurationFiles.Select(file => (file.Key, file.Value)));

        var notes = string.Join('\n', planner.Notes);
        Assert.All(
            ["no answer", "hold 1024 MB", "instance small", "drive C: only", "no share", "ih-far is no machine", "guest has MFA", "one administrator more, speelsa", "set-up is not started"],
            said => Assert.Contains(said, notes, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_computers_of_one_name_are_not_copied()
    {
        var fleet = Fleet();
        var twins = fleet with { Machines = [fleet.Machines[0], fleet.Machines[1] with { ComputerName = "MGMT" }] };

        var refusal = Assert.Throws<RehearsalRefusedException>(() => new CopyPlanner(twins, Plan, MostBytes));

        Assert.Contains("mgmt and New Server are both called", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rehearsal7f39fed65b98n1", Plan)]
    [InlineData("undorehearsal7f39fed65b98n12", Plan)]
    [InlineData("7f39fed65b98", null)]
    [InlineData("undo7f39fed65b98", null)]
    public void A_rehearsal_is_known_by_its_id(string moveId, string? plan) => Assert.Equal(plan, RehearsalId.PlanOf(moveId));

    private static Dictionary<string, JsonElement> Inputs(params (string Name, string Value)[] inputs) =>
        inputs.ToDictionary(input => input.Name, input => JsonSerializer.SerializeToElement(input.Value));

    private static DiscoveredFleet Fleet() => new(
        [
            new DiscoveredMachine
            {
                Name = "mgmt",
                ComputerName = "MGMT",
                FullName = "mgmt.corp.example",
                ProductVersion = "25.3.1.0",
                Services = [new("managementServer", "MailStoreManagementServer_2", "Management", true, "Automatic"), new("instanceHost", "MailStoreInstanceHost_2", "Host", true, "Automatic")],
                Certificates =
                [
                    new("11", "CN=MailStoreManagementServer", "MailStoreManagementServer", null, true, true),
                    new("22", "CN=a, b=\"c", "Odd", null, true, false),
                ],
                ConfigurationFiles = new Dictionary<string, long> { ["MailStoreManagementDatabase.json"] = 9, ["Branding/branding.json"] = 9, ["Startup.cmd"] = 1L << 40 },
            },
            new DiscoveredMachine { Name = "New Server", ComputerName = "SRV-0815" },
        ],
        new DiscoveredInstallation
        {
            ManagementServer = "mgmt",
            Version = "25.3.1.0",
            InstanceHosts = [new("mgmt.corp.example", "mgmt", 8472, "33"), new("ih-far.other.example", null, null, null)],
            Instances =
            [
                new("big", "big", "Big", "mgmt.corp.example", @"C:\Mail\big", "automatic", true, 1L << 30, new Dictionary<string, string> { ["in"] = @"C:\Mail\big\2021", ["out"] = @"E:\Stores\2020" }),
                new("small", "small", "Small", "ih-far.other.example", @"\\nas\archive$\small", "manual", false, null, new Dictionary<string, string>()),
            ],
            Administrators = [new("admin", "Administrator", true), new("guest", "Guest", null)],
        },
        ["New Server does not tell its services: no answer"]);
}
