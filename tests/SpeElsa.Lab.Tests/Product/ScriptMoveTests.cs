using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Machines;

namespace SpeElsa.Lab.Tests.Product;

/// <summary>The product under the machine scripts of production: what they change is what the roles see.</summary>
public sealed class ScriptMoveTests
{
    private const string InstallDirectory = @"C:\Program Files\MailStore Infrastructure";
    private static readonly string[] StopOrder = ["clientAccessServer", "instanceHost", "managementServer"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_move_through_the_scripts_ends_with_a_dashboard_in_order_and_no_key_on_the_disk()
    {
        await using var lab = await ProductLab.OpenAsync(configure: options => options.Names.ServiceSuffix = "_SPE");
        var (from, to) = (Machine(lab, "spe-old"), Machine(lab, "spe-new"));
        foreach (var role in StopOrder)
        {
            var service = await ServiceAsync(from, role);
            await from.InvokeAsync(MachineScripts.StopWindowsService, Input(("name", service), ("timeoutSeconds", 30)), Token);
            await from.InvokeAsync(MachineScripts.SetWindowsServiceStartMode, Input(("name", service), ("startMode", "Disabled")), Token);
        }

        await lab.Product.TransferLicenceAsync("spe-new", Token);
        var installation = await RunAsync(lab, to, "install", MachineScripts.InstallMailStore, Input(
            ("commandLine", @"C:\Install\spe-25.3.1.0.exe"), ("arguments", ""), ("installDirectory", InstallDirectory)));
        await lab.Product.InstallAsync("spe-new", version: null, administratorPassword: null, Token);
        foreach (var role in StopOrder)
        {
            await to.InvokeAsync(
                MachineScripts.StopWindowsService, Input(("name", await ServiceAsync(to, role)), ("timeoutSeconds", 30)), Token);
        }

        await to.InvokeAsync(MachineScripts.MoveCertificatesAside, Input(
            ("thumbprints", await ThumbprintsAsync(to)), ("backupStore", "SpeElsaBackup")), Token);
        var exported = await from.InvokeAsync(MachineScripts.ExportCertificates, Input(
            ("thumbprints", await ThumbprintsAsync(from)), ("password", "transfer canary")), Token);
        await to.InvokeAsync(MachineScripts.ImportCertificates, Input(
            ("certificates", JsonNode.Parse(exported.GetProperty("certificates").GetRawText())), ("password", "transfer canary")), Token);
        await to.InvokeAsync(MachineScripts.MoveAside, Input(
            ("path", InstallDirectory + @"\config"), ("asidePath", InstallDirectory + @"\config.aside")), Token);
        foreach (var path in new[] { InstallDirectory + @"\config", @"C:\MailStoreData\acme", @"C:\MailStoreData\globex", @"C:\Archive\initech" })
        {
            await RunAsync(lab, to, $"copy-{Path.GetFileName(path.Replace('\\', '/'))}", MachineScripts.CopyDirectory, Input(
                ("source", @"\\spe-old\C$" + path[2..]), ("destination", path), ("mode", "final")));
        }

        foreach (var role in StopOrder.Reverse())
        {
            await to.InvokeAsync(
                MachineScripts.StartWindowsService, Input(("name", await ServiceAsync(to, role)), ("timeoutSeconds", 30)), Token);
        }

        Assert.Equal("25.3.1.0", installation.GetProperty("productVersion").GetString());
        Assert.Empty(await lab.ErrorsAsync("spe-new"));
        Assert.Empty(lab.Product.Violations);
        Assert.Equal(5, lab.New.Certificates().Count);
        Assert.False(lab.Mentions("canary"));
        Assert.Empty(Directory.GetFiles(lab.Path, "*.pfx", SearchOption.AllDirectories));
        using var client = lab.Client("spe-new");
        Assert.All(await client.GetInstancesAsync("*", Token), instance => Assert.True(instance.IsRunning));
    }

    private static ScriptedMachine Machine(ProductLab lab, string name) => new(name, lab.Farm.Transport(name));

    private static JsonObject Input(params (string Name, JsonNode? Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    private static async Task<string> ServiceAsync(ScriptedMachine machine, string role)
    {
        var found = await machine.InvokeAsync(MachineScripts.GetMailStoreServices, Input(
            ("installDirectory", InstallDirectory),
            ("stems", Input(
                ("managementServer", "MailStoreManagementServer"),
                ("instanceHost", "MailStoreInstanceHost"),
                ("clientAccessServer", "MailStoreClientAccessServer")))), Token);
        return found.GetProperty("services").EnumerateArray()
            .Single(service => service.GetProperty("role").GetString() == role).GetProperty("name").GetString()!;
    }

    private static async Task<JsonArray> ThumbprintsAsync(ScriptedMachine machine)
    {
        var found = await machine.InvokeAsync(MachineScripts.GetCertificates, Input(("names", new JsonArray("MailStore*")), ("store", "My")), Token);
        return new JsonArray([.. found.GetProperty("certificates").EnumerateArray()
            .Where(certificate => certificate.GetProperty("matches").GetBoolean())
            .Select(certificate => (JsonNode?)certificate.GetProperty("thumbprint").GetString())]);
    }

    private static async Task<JsonElement> RunAsync(ProductLab lab, ScriptedMachine machine, string ticket, MachineScript script, JsonObject input)
    {
        using var every = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var status = await machine.StartAsync(ticket, script, input, Token);
        while (status.State is TicketState.Running or TicketState.Unknown)
        {
            await every.WaitForNextTickAsync(Token);
            status = await machine.GetStatusAsync(ticket, 0, Token);
        }

        Assert.True(status.State == TicketState.Succeeded, $"{script.Name} on {machine.Name} in {lab.Path}: {status.Error}");
        await machine.CompleteAsync(ticket, Token);
        return status.Result!.Value;
    }
}
