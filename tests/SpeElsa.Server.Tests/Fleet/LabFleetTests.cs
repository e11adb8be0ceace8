using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Activities;
using SpeElsa.Server.Startup;
using SpeElsa.Server.Tests.Harness;

namespace SpeElsa.Server.Tests.Fleet;

/// <summary>The machines of both lab farms, as the steps of a move find them.</summary>
public sealed class LabFleetTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_setting_every_server_of_both_farms_is_in_the_fleet_with_its_own_farms_password()
    {
        var data = Directory.CreateTempSubdirectory("spe-fleet-").FullName;
        var app = ServerHost.Build(["--DataDirectory", data, "--Urls", "http://127.0.0.1:0", "--Lab:ArchiveBytes", UndisturbedRun.FewBytes]);
        await ServerProgram.PrepareAsync(app, Token);
        await app.StartAsync(Token);
        try
        {
            var fleet = app.Services.GetRequiredService<IFleet>();

            Assert.Equal(
                ["spe-cas", "spe-cas-new", "spe-ih-new", "spe-ih1", "spe-ih2", "spe-mgmt", "spe-mgmt-new", "spe-new", "spe-old"],
                fleet.Names.Order(StringComparer.Ordinal));
            foreach (var name in new[] { "spe-old", "spe-mgmt" })
            {
                var api = await fleet.ManagementApiAsync(name, Token);
                Assert.Equal(name, (await api.GetEnvironmentInfoAsync(Token)).ServerName);
                Assert.DoesNotContain((await api.GetServiceStatusAsync(Token)).Messages, message => message.Type == "error");
            }

            var access = fleet.Settings("spe-cas");
            Assert.Equal("127.0.0.1", access.ClientAccessAddress);
            Assert.NotEqual(access.HttpsPort, access.ImapPort);
            Assert.True(File.Exists(Path.Combine(data, LabSetup.SmtpPasswordFile)));
            Assert.True(File.Exists(Path.Combine(data, LabSetup.MultiSmtpPasswordFile)));
        }
        finally
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
            Directory.Delete(data, recursive: true);
        }
    }
}
