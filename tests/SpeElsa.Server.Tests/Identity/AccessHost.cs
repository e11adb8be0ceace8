using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Server.Identity;
using SpeElsa.Server.Startup;
using SpeElsa.Server.Storage;

namespace SpeElsa.Server.Tests.Identity;

/// <summary>A server in this process, on a data directory of its own, without the lab.</summary>
internal sealed class AccessHost : IAsyncDisposable
{
    public const string Password = "a long enough secret";
    private readonly string[] _settings;
    private WebApplication _app = null!;

    private AccessHost(string[] settings) => _settings = settings;

    public string DataDirectory { get; } = Directory.CreateTempSubdirectory("speelsa-").FullName;

    public Uri Address => new(_app.Urls.First());

    public IServiceProvider Services => _app.Services;

    public WebApplication App => _app;

    public string ApiKey => $"ApiKey {File.ReadAllText(Path.Combine(DataDirectory, "api-key.txt")).Trim()}";

    private string LinkFile => Path.Combine(DataDirectory, SetUp.FileName);

    public bool HasLink => File.Exists(LinkFile);

    /// <summary>The code of the set-up.</summary>
    public string Code => File.ReadAllLines(LinkFile)[1];

    public static async Task<AccessHost> StartAsync(params string[] settings)
    {
        var host = new AccessHost(settings);
        await host.StartAsync();
        return host;
    }

    public async Task RestartAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await StartAsync();
    }

    public Browser OpenBrowser() => new(Address);

    /// <summary>Makes a user over Elsa's API with the server's key.</summary>
    public async Task<string> AddUserAsync(string name, params string[] roles)
    {
        using var response = await SendAsync(HttpMethod.Post, "/elsa/api/identity/users", ApiKey, new { name, password = Password, roles });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (string)(await response.Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
    }

    /// <summary>Gets tokens with a password.</summary>
    public async Task<JsonObject> LoginAsync(string name, string password = Password)
    {
        using var response = await SendAsync(HttpMethod.Post, "/elsa/api/identity/login", null, new { username = name, password });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? authorization = null, object? body = null)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = authorization is null ? null : AuthenticationHeaderValue.Parse(authorization);
        return await client.SendAsync(request);
    }

    public async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path, string? authorization = null, object? body = null)
    {
        using var response = await SendAsync(method, path, authorization, body);
        return response.StatusCode;
    }

    public async Task<T> WithAccountsAsync<T>(Func<UserManager<Account>, ServerDbContext, Task<T>> act)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<UserManager<Account>>(), scope.ServiceProvider.GetRequiredService<ServerDbContext>());
    }

    public async Task StopAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(DataDirectory, recursive: true);
    }

    private async Task StartAsync()
    {
        _app = ServerHost.Build(["--DataDirectory", DataDirectory, "--Urls", "http://127.0.0.1:0", "--Lab:Enabled", "false", .. _settings]);
        await ServerProgram.PrepareAsync(_app, default);
        await _app.StartAsync();
    }
}

/// <summary>A browser: it keeps cookies, follows nothing by itself, and sends forms with what stands in them.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly HttpClient _client;

    public Browser(Uri address)
    {
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = _cookies }) { BaseAddress = address };
        _client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
    }

    /// <summary>The page it shows.</summary>
    public string Page { get; private set; } = "";

    public string? Location { get; private set; }

    /// <summary>What the browser keeps of the session it is in.</summary>
    public string Session => _cookies.GetAllCookies().Single(cookie => cookie.Name == "speelsa-session").Value;

    public async Task<HttpStatusCode> GoAsync(string path)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.RelativeOrAbsolute));
        return await ShowAsync(response);
    }

    /// <summary>Fills in a form of a page and sends it.</summary>
    public async Task<HttpStatusCode> SubmitAsync(string path, string form, params (string Name, string Value)[] fields)
    {
        await GoAsync(path);
        return await SubmitShownAsync(path, form, fields);
    }

    public async Task<HttpStatusCode> SubmitShownAsync(string path, string form, params (string Name, string Value)[] fields)
    {
        var token = Token().Match(Page).Groups["token"].Value;
        Assert.True(token.Length > 0, $"{path} shows no form: {Page}");
        using var content = new FormUrlEncodedContent(
        [
            new("_handler", form), new("__RequestVerificationToken", token), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)),
        ]);
        using var response = await _client.PostAsync(new Uri(path, UriKind.Relative), content);
        return await ShowAsync(response);
    }

    public async Task<HttpStatusCode> SignInAsync(string name, string password = AccessHost.Password, string returnUrl = "/") => await SubmitAsync(
        $"/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}", "sign-in", ("Input.Name", name), ("Input.Password", password));

    /// <summary>Presses the button in the frame.</summary>
    public async Task<HttpStatusCode> SignOutAsync(Uri address)
    {
        await GoAsync("/account");
        using var content = new FormUrlEncodedContent([new("__RequestVerificationToken", Token().Match(Page).Groups["token"].Value)]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-out") { Content = content };
        request.Headers.Add("Origin", address.GetLeftPart(UriPartial.Authority));
        using var response = await _client.SendAsync(request);
        return await ShowAsync(response);
    }

    /// <summary>Calls the server as a script of a page does.</summary>
    public async Task<(HttpStatusCode Status, string Body)> CallAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.ParseAdd("application/json");
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await _client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Whether a session is open: the account page shows.</summary>
    public async Task<bool> IsSignedInAsync() => await GoAsync("/account") is HttpStatusCode.OK;

    public void Dispose() => _client.Dispose();

    private async Task<HttpStatusCode> ShowAsync(HttpResponseMessage response)
    {
        Page = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
        Location = response.Headers.Location?.ToString();
        return response.StatusCode;
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"")]
    private static partial Regex Token();
}

/// <summary>An authenticator app (RFC 6238).</summary>
internal static class AuthenticatorApp
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static string CodeOf(string key, int stepsAgo = 0)
    {
        var bits = string.Concat(key.Select(letter => Convert.ToString(Alphabet.IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        var secret = Enumerable.Range(0, bits.Length / 8).Select(index => Convert.ToByte(bits.Substring(index * 8, 8), 2)).ToArray();
        var step = BitConverter.GetBytes(IPAddress.HostToNetworkOrder((TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30) - stepsAgo));
#pragma warning disable CA5350 // The algorithm that authenticator apps have.
        var hash = System.Security.Cryptography.HMACSHA1.HashData(secret, step);
#pragma warning restore CA5350
        var offset = hash[^1] & 0xf;
        var number = ((hash[offset] & 0x7f) << 24) | (hash[offset + 1] << 16) | (hash[offset + 2] << 8) | hash[offset + 3];
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }
}
