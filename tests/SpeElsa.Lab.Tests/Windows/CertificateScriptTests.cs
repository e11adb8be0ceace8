using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Machines;

namespace SpeElsa.Lab.Tests.Windows;

public abstract class CertificateScriptTests(Way way) : MachineSuite(way)
{
    private const string Password = "canary-7f3a";

    [Fact]
    public async Task GetCertificates_MatchesCommonNameOrFriendlyName()
    {
        Farm.Old.AddCertificate(TestFarm.Certificate("MailStoreClientAccessServerHttp", friendlyName: ""));
        Farm.Old.AddCertificate(TestFarm.Certificate("mail.example.org", friendlyName: "MailStoreClientAccessServerImap"));
        Farm.Old.AddCertificate(TestFarm.Certificate("rdp.example.org", exportable: false));

        var result = await Farm.InvokeAsync("spe-old", MachineScripts.GetCertificates, new JsonObject { ["names"] = new JsonArray("MailStore*") });

        var certificates = result.GetProperty("certificates").EnumerateArray().ToList();
        Assert.Equal([true, true, false], certificates.Select(certificate => certificate.GetProperty("matches").GetBoolean()));
        Assert.Equal([true, true, false], certificates.Select(certificate => certificate.GetProperty("exportable").GetBoolean()));
        Assert.All(certificates, certificate => Assert.True(certificate.GetProperty("hasPrivateKey").GetBoolean()));
        Assert.Equal("MailStoreClientAccessServerImap", certificates[1].GetProperty("friendlyName").GetString());
        Assert.Equal("CN=mail.example.org", certificates[1].GetProperty("subject").GetString());
        Assert.True(certificates[0].GetProperty("notAfter").GetDateTimeOffset() > TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task GetCertificates_NoSuchStore_IsEmpty()
    {
        var result = await Farm.InvokeAsync("spe-old", MachineScripts.GetCertificates, new JsonObject { ["store"] = "SpeElsaBackup" });

        Assert.Empty(result.GetProperty("certificates").EnumerateArray());
    }

    [Fact]
    public async Task ExportedCertificatesArriveWithTheirKeys_AndNoFileIsLeft()
    {
        var http = TestFarm.Certificate("MailStoreClientAccessServerHttp");
        var imap = TestFarm.Certificate("MailStoreClientAccessServerImap", friendlyName: "IMAP \u00e4\u00f6\u00fc");
        Farm.Old.AddCertificate(http);
        Farm.Old.AddCertificate(imap);

        var exported = await ExportAsync(http.Thumbprint, imap.Thumbprint);
        Assert.True(exported.GetProperty("filesRemoved").GetBoolean());
        var imported = await ImportAsync(exported);
        var again = await ImportAsync(exported);

        Assert.True(imported.GetProperty("filesRemoved").GetBoolean());
        Assert.All(imported.GetProperty("imported").EnumerateArray(), item => Assert.True(item.GetProperty("hasPrivateKey").GetBoolean()));
        Assert.All(again.GetProperty("imported").EnumerateArray(), item => Assert.False(item.GetProperty("changed").GetBoolean()));
        Assert.Equal([http.Thumbprint, imap.Thumbprint], Farm.New.Certificates().Select(certificate => certificate.Thumbprint));
        Assert.Equal("IMAP \u00e4\u00f6\u00fc", Farm.New.Certificates()[1].FriendlyName);
        Assert.True(Farm.New.Certificates()[1].Exportable, "The way back is open.");
        using (var opened = Farm.New.Certificates()[0].Open())
        using (var key = opened.GetRSAPrivateKey())
        using (var publicKey = opened.GetRSAPublicKey())
        {
            Assert.Equal(publicKey!.ExportSubjectPublicKeyInfo(), key!.ExportSubjectPublicKeyInfo());
        }

        Assert.Equal(2, TestFarm.Targets(Farm.Old, LabEffectKinds.CertificateExport).Count);
        Assert.Equal(2, TestFarm.Targets(Farm.New, LabEffectKinds.CertificateImport).Count);
        AssertNoSecretOnDisk();
    }

    [Fact]
    public async Task ExportCertificates_KeyMayNotLeave_SaysWhatWindowsSays()
    {
        var certificate = TestFarm.Certificate("MailStoreClientAccessServerTcp", exportable: false);
        Farm.Old.AddCertificate(certificate);

        var failure = await Assert.ThrowsAsync<MachineScriptException>(() => ExportAsync(certificate.Thumbprint));

        Assert.Equal(ScriptErrorCodes.CertificateNotExportable, failure.Error.Code);
        Assert.Contains("Cannot export non-exportable private key", failure.Message, StringComparison.Ordinal);
        AssertNoSecretOnDisk();
    }

    [Fact]
    public async Task ExportCertificates_NotThere_SaysWhich()
    {
        var failure = await Assert.ThrowsAsync<MachineScriptException>(() => ExportAsync(new string('A', 40)));

        Assert.Equal(ScriptErrorCodes.CertificateNotFound, failure.Error.Code);
        Assert.Equal("Export-Certificates", failure.Error.Script);
    }

    [Fact]
    public async Task ImportCertificates_WrongPassword_LeavesNeitherCertificateNorFile()
    {
        var certificate = TestFarm.Certificate("MailStoreClientAccessServerHttp");
        Farm.Old.AddCertificate(certificate);
        var exported = await ExportAsync(certificate.Thumbprint);

        var failure = await Assert.ThrowsAsync<MachineScriptException>(() => ImportAsync(exported, "another"));

        Assert.Contains("The specified network password is not correct", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Farm.New.Certificates());
        AssertNoSecretOnDisk();
    }

    [Fact]
    public async Task ImportCertificates_OtherCertificateInTheFile_IsNoSuccess()
    {
        var certificate = TestFarm.Certificate("MailStoreClientAccessServerHttp");
        Farm.Old.AddCertificate(certificate);
        var exported = await ExportAsync(certificate.Thumbprint);
        var pfx = exported.GetProperty("certificates")[0].GetProperty("pfx").GetString();

        var failure = await Farm.FailAsync("spe-new", MachineScripts.ImportCertificates, new JsonObject
        {
            ["certificates"] = new JsonArray(new JsonObject { ["thumbprint"] = new string('B', 40), ["pfx"] = pfx }),
            ["password"] = Password,
        });

        Assert.Equal(ScriptErrorCodes.CertificateMismatch, failure.Error.Code);
    }

    [Fact]
    public async Task MoveCertificatesAside_KeepsTheKeysInTheMachine_AndGoesBack()
    {
        var certificate = TestFarm.Certificate("MailStoreManagementServer", exportable: false);
        Farm.New.AddCertificate(certificate);
        var aside = new JsonObject { ["thumbprints"] = new JsonArray(certificate.Thumbprint), ["backupStore"] = "SpeElsaBackup" };

        var first = await Farm.InvokeAsync("spe-new", MachineScripts.MoveCertificatesAside, aside);
        var second = await Farm.InvokeAsync("spe-new", MachineScripts.MoveCertificatesAside, aside);

        Assert.Equal(certificate.Thumbprint, Assert.Single(first.GetProperty("moved").EnumerateArray()).GetString());
        Assert.Empty(second.GetProperty("moved").EnumerateArray());
        Assert.Equal(certificate.Thumbprint, Assert.Single(second.GetProperty("alreadyThere").EnumerateArray()).GetString());
        Assert.Empty(Farm.New.Certificates());
        Assert.True(Assert.Single(Farm.New.Certificates("speelsabackup")).HasPrivateKey);

        await Farm.InvokeAsync("spe-new", MachineScripts.MoveCertificatesAside, new JsonObject
        {
            ["thumbprints"] = new JsonArray(certificate.Thumbprint),
            ["store"] = "SpeElsaBackup",
            ["backupStore"] = "My",
        });
        Assert.True(Assert.Single(Farm.New.Certificates()).HasPrivateKey);
    }

    [Fact]
    public async Task FindTransferLeftovers_FindsThem_AndRemovesThemWhenAsked()
    {
        TestFarm.Write(Farm.New, @"C:\ProgramData\SpeElsa\Transfer\lost.pfx", "key");
        TestFarm.Write(Farm.New, @"C:\ProgramData\SpeElsa\Transfer\note.txt", "not a key");

        var found = await Farm.InvokeAsync("spe-new", MachineScripts.FindTransferLeftovers, new JsonObject { ["remove"] = false });
        var removed = await Farm.InvokeAsync("spe-new", MachineScripts.FindTransferLeftovers, new JsonObject { ["remove"] = true });
        var none = await Farm.InvokeAsync("spe-new", MachineScripts.FindTransferLeftovers, []);

        Assert.Equal(@"C:\ProgramData\SpeElsa\Transfer\lost.pfx", Assert.Single(found.GetProperty("files").EnumerateArray()).GetString());
        Assert.Empty(found.GetProperty("removed").EnumerateArray());
        Assert.Single(removed.GetProperty("removed").EnumerateArray());
        Assert.Empty(none.GetProperty("files").EnumerateArray());
        Assert.False(File.Exists(Farm.New.ToLocalPath(@"C:\ProgramData\SpeElsa\Transfer\lost.pfx")));
    }

    private Task<JsonElement> ExportAsync(params string[] thumbprints) =>
        Farm.InvokeAsync("spe-old", MachineScripts.ExportCertificates, new JsonObject
        {
            ["thumbprints"] = new JsonArray([.. thumbprints.Select(thumbprint => JsonValue.Create(thumbprint))]),
            ["password"] = Password,
        });

    private Task<JsonElement> ImportAsync(JsonElement exported, string password = Password) =>
        Farm.InvokeAsync("spe-new", MachineScripts.ImportCertificates, new JsonObject
        {
            ["certificates"] = JsonNode.Parse(exported.GetProperty("certificates").GetRawText()),
            ["password"] = password,
        });

    private void AssertNoSecretOnDisk()
    {
        foreach (var file in Directory.EnumerateFiles(Farm.Options.Directory, "*", SearchOption.AllDirectories))
        {
            Assert.NotEqual(".pfx", Path.GetExtension(file));
            Assert.DoesNotContain(Password, File.ReadAllText(file), StringComparison.Ordinal);
        }
    }
}
