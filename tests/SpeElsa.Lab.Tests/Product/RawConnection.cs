using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace SpeElsa.Lab.Tests.Product;

/// <summary>One TLS connection to the lab's Management API, on which a test writes and reads HTTP itself.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly TcpClient _tcp;
    private readonly SslStream _tls;

    private RawConnection(TcpClient tcp, SslStream tls) => (_tcp, _tls) = (tcp, tls);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<RawConnection> OpenAsync(ProductLab lab, string server = "spe-old")
    {
        var machine = lab.Machine(server);
        var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, machine.ManagementApi.Port, Token);
        var tls = new SslStream(
            tcp.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate?.GetCertHashString() == machine.Thumbprint);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, Token);
        return new RawConnection(tcp, tls);
    }

    public static string Basic(string user, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    public static string Service { get; } = Basic("speelsa", "canary-service-0");

    /// <summary>Posts a body as it is and reads the answer; the connection stays open.</summary>
    public async Task<RawAnswer> PostAsync(
        string path, string body = "", string? authorization = null, string contentType = "application/x-www-form-urlencoded", string more = "")
    {
        await WriteAsync(Head(path, body, authorization, contentType, more));
        await WriteAsync(body);
        return await ReadAsync();
    }

    public static string Head(string path, string body, string? authorization, string contentType = "application/x-www-form-urlencoded", string more = "") =>
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\n{(authorization is null ? "" : $"Authorization: {authorization}\r\n")}"
        + $"Content-Type: {contentType}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{more}\r\n";

    public async Task WriteAsync(string text) => await _tls.WriteAsync(Encoding.UTF8.GetBytes(text), Token);

    public async Task<RawAnswer> ReadAsync()
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await _tls.ReadExactlyAsync(one, Token);
            head.Append((char)one[0]);
        }

        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var body = new byte[headers.TryGetValue("Content-Length", out var length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0];
        await _tls.ReadExactlyAsync(body, Token);
        return new RawAnswer(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, body);
    }

    public async ValueTask DisposeAsync()
    {
        await _tls.DisposeAsync();
        _tcp.Dispose();
    }
}

/// <summary>What came back.</summary>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Body.AsMemory(3));
            return document.RootElement.Clone();
        }
    }

    public string? StatusCode => Json.GetProperty("statusCode").GetString();

    public string Token => Json.GetProperty("token").GetString()!;

    public long Version => Json.GetProperty("statusVersion").GetInt64();
}
