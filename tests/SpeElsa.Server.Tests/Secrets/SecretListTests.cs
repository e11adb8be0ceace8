using SpeElsa.Server.Tests.Identity;
using SpeElsa.Server.Tests.Tasks;

namespace SpeElsa.Server.Tests.Secrets;

/// <summary>What is told of secrets: their names, who needs them, and never what they hold.</summary>
public sealed class SecretListTests
{
    private const string Value = "nobody is to read this";

    [Fact]
    public async Task What_the_settings_name_is_listed_as_missing_until_it_is_stored_and_again_once_it_is_forgotten()
    {
        await using var host = await AccessHost.StartAsync(
            "--Notices:Webhooks:0:Name", "ops", "--Notices:Webhooks:0:Url", "http://127.0.0.1:9/", "--Notices:Webhooks:0:Secret", "shared",
            "--Machines:0:Name", "spe-far", "--Machines:0:Ssh:Host", "127.0.0.1", "--Machines:0:Ssh:UserName", "spe", "--Machines:0:Ssh:PasswordSecret", "shared", "--Machines:0:ManagementApi:UserName", "admin", "--Machines:0:ManagementApi:PasswordSecret", "shared");

        var missing = Assert.Single((await host.GetAsync("/api/secrets"))["items"]!.AsArray())!;
        Assert.Equal(("shared", false), ((string)missing["name"]!, (bool)missing["isStored"]!));
        Assert.Equal(["Machines:0:ManagementApi:PasswordSecret", "Machines:0:Ssh:PasswordSecret", "Notices:Webhooks:0:Secret"], missing["neededBy"]!.AsArray().Select(setting => (string)setting!).Order(StringComparer.Ordinal));
        Assert.Null(missing["storedAt"]);

        await StoreAsync(host, "shared");
        await StoreAsync(host, "shared");
        await StoreAsync(host, "script-own");
        await host.RestartAsync();
        var list = await host.GetAsync("/api/secrets");
        Assert.Equal(["script-own", "shared"], list["items"]!.AsArray().Select(item => (string)item!["name"]!));
        Assert.All(list["items"]!.AsArray(), item => Assert.True((bool)item!["isStored"]! && item["storedAt"] is not null && (string?)item["storedBy"] is { Length: > 0 }));
        Assert.DoesNotContain(Value, list.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(("shared", 2), ((string)Assert.Single((await host.GetAsync("/api/secrets?page=2&pageSize=1"))["items"]!.AsArray())!["name"]!, (int)list["total"]!));

        // As after a backup that was brought back without the keys.
        foreach (var file in Directory.GetFiles(Path.Combine(host.DataDirectory, "secrets")))
        {
            await File.WriteAllTextAsync(file, "no key opens this", TestContext.Current.CancellationToken);
        }

        Assert.Equal(("shared", false), ((string)(await host.GetAsync("/api/secrets"))["items"]!.AsArray().Single()!["name"]!, (bool)(await host.GetAsync("/api/secrets"))["items"]![0]!["isStored"]!));
        await StoreAsync(host, "shared");
        Assert.True((bool)(await host.GetAsync("/api/secrets"))["items"]![0]!["isStored"]!);

        foreach (var name in new[] { "shared", "script-own" })
        {
            using var forgotten = await host.SendAsync(HttpMethod.Delete, $"/api/secrets/{name}", host.ApiKey);
            Assert.True(forgotten.IsSuccessStatusCode);
        }

        var left = Assert.Single((await host.GetAsync("/api/secrets"))["items"]!.AsArray())!;
        Assert.Equal(("shared", false), ((string)left["name"]!, (bool)left["isStored"]!));
    }

    private static async Task StoreAsync(AccessHost host, string name)
    {
        using var stored = await host.SendAsync(HttpMethod.Put, $"/api/secrets/{name}", host.ApiKey, new { value = Value });
        Assert.True(stored.IsSuccessStatusCode, await stored.Content.ReadAsStringAsync());
    }
}
