using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Activities;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;
using SpeElsa.Server.Startup;
using SpeElsa.Server.Tests.Harness;

namespace SpeElsa.Server.Tests.Moves;

/// <summary>Secrets go where they are needed and are found nowhere else afterwards.</summary>
public sealed class SecretTests
{
    private const string PfxCanary = "pfx-canary-3f1c9a77e0d2";

    [Fact]
    public async Task No_secret_is_found_in_database_logs_disks_or_answers_after_a_move()
    {
        var data = Directory.CreateTempSubdirectory("speelsa-").FullName;
        var passwordsMade = 0;
        var answers = new ConcurrentBag<string>();
        string apiKey;
        string smtpPassword;
        await using (var app = await StartAsync(data, () =>
        {
            Interlocked.Increment(ref passwordsMade);
            return PfxCanary;
        }))
        {
            apiKey = (await File.ReadAllTextAsync(Path.Combine(data, "api-key.txt"))).Trim();
            smtpPassword = await File.ReadAllTextAsync(Path.Combine(data, "lab-smtp-password.txt"));
            using var client = new HttpClient(new Listener(answers)) { BaseAddress = new Uri(app.Urls.Single()) };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("ApiKey", apiKey);
            var administrator = new Administrator(client, data);
            var moveId = await administrator.StartMoveAsync();
            await administrator.PlayAsync(moveId);
            Assert.Equal("finished", (await administrator.GetMoveAsync(moveId))["status"]!.GetValue<string>());
            await client.GetStringAsync(new Uri($"/api/moves/{moveId}/journal?take=1000", UriKind.Relative));

            // Nothing in it is compressed, so its text is searched as it is.
            await client.GetStringAsync(new Uri($"/api/moves/{moveId}/evidence", UriKind.Relative));
            var state = await app.Services.GetRequiredService<IInstanceReader>().ReadStateAsync(moveId, default);
            answers.Add(EngineJson.Write(StateCodec.Decode(state!)));
            await app.StopAsync();
        }

        await Serilog.Log.CloseAndFlushAsync();
        Assert.True(passwordsMade > 0);
        Assert.NotEmpty(answers);
        string[] secrets = [PfxCanary, apiKey, smtpPassword];
        Assert.All(answers, answer => Assert.All(secrets, secret => Assert.DoesNotContain(secret, answer, StringComparison.Ordinal)));
        foreach (var file in Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) is not ("api-key.txt" or "lab-smtp-password.txt")))
        {
            var content = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            Assert.All(secrets, secret => Assert.False(content.Contains(secret, StringComparison.Ordinal), $"{Path.GetFileName(file)} holds a secret"));
        }

        Assert.DoesNotContain(Directory.EnumerateFiles(data, "*.pfx", SearchOption.AllDirectories), file => file.Contains("SpeElsa", StringComparison.Ordinal));
        Directory.Delete(data, recursive: true);
    }

    private static async Task<WebApplication> StartAsync(string data, Func<string> password)
    {
        var app = ServerHost.Build(
            ["--DataDirectory", data, "--Urls", "http://127.0.0.1:0", "--Lab:Farm", "Single", "--Lab:ArchiveBytes", UndisturbedRun.FewBytes],
            services => services.AddSingleton(new OneTimePasswords { Create = password }));
        await ServerProgram.PrepareAsync(app, default);
        await app.StartAsync();
        return app;
    }

    private sealed class Listener(ConcurrentBag<string> answers) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            await answer.Content.LoadIntoBufferAsync(cancellationToken);
            answers.Add(answer.Headers + await answer.Content.ReadAsStringAsync(cancellationToken));
            return answer;
        }
    }
}
