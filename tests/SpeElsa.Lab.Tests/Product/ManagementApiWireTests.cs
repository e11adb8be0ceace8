using System.Net;
using System.Net.Http.Headers;
using System.Net.NetworkInformation;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace SpeElsa.Lab.Tests.Product;

/// <summary>The Management API of the lab, byte by byte, without our own client in between.</summary>
public sealed class ManagementApiWireTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_is_framed_json_with_a_byte_order_mark_and_is_not_cached()
    {
        await using var lab = await ProductLab.OpenAsync();
        using var http = Http(lab);

        using var response = await http.PostAsync(new Uri("api/invoke/GetEnvironmentInfo", UriKind.Relative), null, Token);

        var body = await response.Content.ReadAsByteArrayAsync(Token);
        Assert.Equal([0xEF, 0xBB, 0xBF], body[..3]);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.True(response.Headers.CacheControl?.NoStore);
        using var json = JsonDocument.Parse(body.AsMemory(3));
        Assert.Equal(
            ["error", "token", "statusVersion", "statusCode", "percentProgress", "statusText", "result", "logOutput"],
            json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal("succeeded", json.RootElement.GetProperty("statusCode").GetString());
        Assert.Equal("spe-old", json.RootElement.GetProperty("result").GetProperty("serverName").GetString());
    }

    [Fact]
    public async Task A_post_without_a_length_is_answered_with_411()
    {
        await using var lab = await ProductLab.OpenAsync();
        var address = lab.Machine("spe-old").ManagementApi;
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, address.Port, Token);
        await using var tls = new SslStream(
            tcp.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) =>
                certificate?.GetCertHashString() == lab.Machine("spe-old").Thumbprint);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, Token);

        var authorization = Basic("speelsa", "canary-service-0");
        var request = $"POST /api/invoke/Ping HTTP/1.1\r\nHost: localhost\r\nAuthorization: {authorization}\r\nConnection: close\r\n\r\n";
        await tls.WriteAsync(Encoding.ASCII.GetBytes(request), Token);

        using var reader = new StreamReader(tls, Encoding.ASCII);
        Assert.StartsWith("HTTP/1.1 411", await reader.ReadLineAsync(Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api/invoke/MoveInstance")]
    [InlineData("api/invoke/DeactivateSystemAdministratorMFA")]
    [InlineData("api/get-status")]
    [InlineData("api/cancel-async")]
    [InlineData("api/invoke/get-status")]
    [InlineData("elsewhere")]
    public async Task What_is_unknown_is_answered_with_404(string path)
    {
        await using var lab = await ProductLab.OpenAsync();
        using var http = Http(lab);
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string> { ["token"] = "ABC", ["lastKnownStatusVersion"] = "0", ["millisecondsTimeout"] = "0" });

        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), form, Token);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("speelsa", "canary-service-0", HttpStatusCode.OK)]
    [InlineData("SpeElsa", "canary-service-0", HttpStatusCode.OK)]
    [InlineData("speelsa", "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("nobody", "canary-service-0", HttpStatusCode.Unauthorized)]
    [InlineData("admin", "canary-normal-1", HttpStatusCode.Unauthorized)]
    [InlineData("admin", "canary-api-1", HttpStatusCode.OK)]
    [InlineData("m.berger", "canary-api-1", HttpStatusCode.Unauthorized)]
    public async Task An_administrator_with_MFA_needs_the_API_password(string user, string password, HttpStatusCode expected)
    {
        await using var lab = await ProductLab.OpenAsync();
        using var http = Http(lab, Basic(user, password));

        using var response = await http.PostAsync(new Uri("api/invoke/Ping", UriKind.Relative), null, Token);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(
            expected == HttpStatusCode.Unauthorized, response.Headers.WwwAuthenticate.Any(challenge => challenge.Scheme == "Basic"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer abc")]
    [InlineData("Basic !!!")]
    public async Task A_call_without_credentials_is_challenged(string? authorization)
    {
        await using var lab = await ProductLab.OpenAsync();
        using var http = Http(lab, authorization ?? "");

        using var response = await http.PostAsync(new Uri("api/get-metadata", UriKind.Relative), null, Token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("GET")]
    public async Task Metadata_is_a_list_of_functions_without_the_meta_calls(string method)
    {
        await using var lab = await ProductLab.OpenAsync();
        using var http = Http(lab);
        using var request = new HttpRequestMessage(new HttpMethod(method), "api/get-metadata");

        using var response = await http.SendAsync(request, Token);

        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        var names = json.RootElement.EnumerateArray().Select(function => function.GetProperty("name").GetString()).ToList();
        Assert.Contains("SetInstanceConfiguration", names);
        Assert.DoesNotContain("get-status", names);
        Assert.DoesNotContain("DeactivateSystemAdministratorMFA", names);
    }

    [Fact]
    public async Task A_function_is_not_called_by_GET()
    {
        await using var lab = await ProductLab.OpenAsync();
        using var http = Http(lab);

        using var response = await http.GetAsync(new Uri("api/invoke/Ping", UriKind.Relative), Token);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Theory]
    [InlineData("GetInstances", "")]
    [InlineData("GetInstances", "instancefilter=*")]
    [InlineData("GetInstances", "instanceFilter=*&more=1")]
    [InlineData("GetInstanceHosts", "serverNameFilter=")]
    [InlineData("GetClientAccessServers", "withServiceStatus=True")]
    [InlineData("SetInstanceConfiguration", "config=not+json")]
    [InlineData("SetInstanceConfiguration", "config=%5B%5D")]
    [InlineData("GetInstanceConfiguration", "instanceID=nobody")]
    public async Task Wrong_arguments_fail_with_200(string function, string body)
    {
        await using var lab = await ProductLab.OpenAsync();
        using var http = Http(lab);
        using var content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded");

        using var response = await http.PostAsync(new Uri($"api/invoke/{function}", UriKind.Relative), content, Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        Assert.Equal("failed", json.RootElement.GetProperty("statusCode").GetString());
        Assert.NotEqual("", json.RootElement.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task The_certificate_is_the_Management_Servers()
    {
        await using var lab = await ProductLab.OpenAsync();
        var certificate = Assert.Single(lab.Old.Certificates(), certificate => certificate.FriendlyName == "MailStoreManagementServer");

        Assert.Equal(certificate.Thumbprint, lab.Machine("spe-old").Thumbprint);
        using var client = lab.Client(); // pins that thumbprint
        await client.PingAsync(Token);
    }

    [Fact]
    public async Task Nothing_listens_on_another_address_than_loopback()
    {
        await using var lab = await ProductLab.OpenAsync();
        var port = lab.Machine("spe-old").ManagementApi.Port;

        var listeners = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(
            listener => listener.Port == port).ToList();

        Assert.NotEmpty(listeners);
        Assert.All(listeners, listener => Assert.True(IPAddress.IsLoopback(listener.Address), listener.ToString()));
    }

    private static HttpClient Http(ProductLab lab, string? authorization = null)
    {
        var http = new HttpClient(lab.Handler()) { BaseAddress = lab.Machine("spe-old").ManagementApi };
        authorization ??= Basic("speelsa", "canary-service-0");
        if (authorization.Length > 0)
        {
            http.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(authorization);
        }

        return http;
    }

    private static string Basic(string user, string password) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
}
