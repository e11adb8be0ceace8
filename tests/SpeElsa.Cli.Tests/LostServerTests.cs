using System.Net;
using System.Net.Sockets;
using System.Text;
using SpeElsa.Cli.Commands;

namespace SpeElsa.Cli.Tests;

/// <summary>A server that dies while it answers.</summary>
public sealed class LostServerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("spe-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("move", "list")]
    [InlineData("definition", "export", "x", "--to", "FOLDER/x.json")]
    [InlineData("move", "evidence", "x", "--to", "FOLDER/x.zip")]
    public async Task Half_an_answer_is_a_server_that_was_not_reached_and_leaves_no_file(params string[] args)
    {
        var key = Path.Combine(_folder, "key.txt");
        await File.WriteAllTextAsync(key, "key", TestContext.Current.CancellationToken);
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var dying = AnswerHalfAsync(server);
        var error = new StringWriter();

        var exitCode = await SpeCommands.RunAsync(
            [.. args.Select(one => one.Replace("FOLDER", _folder, StringComparison.Ordinal)), "--server", $"http://{server.LocalEndpoint}", "--key-file", key], TextWriter.Null, error);
        await dying;

        Assert.Equal(3, exitCode);
        Assert.Contains("can not be reached", error.ToString(), StringComparison.Ordinal);
        Assert.Equal([key], Directory.EnumerateFiles(_folder));
    }

    [Fact]
    public async Task Another_program_at_that_address_is_told_for_what_it_is_not()
    {
        var key = Path.Combine(_folder, "key.txt");
        await File.WriteAllTextAsync(key, "key", TestContext.Current.CancellationToken);
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var answering = AnswerAsync(server, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>");
        var error = new StringWriter();

        var exitCode = await SpeCommands.RunAsync(["move", "list", "--server", $"http://{server.LocalEndpoint}", "--key-file", key], TextWriter.Null, error);
        await answering;

        Assert.Equal(2, exitCode);
        Assert.Contains("is no SpeElsa server", error.ToString(), StringComparison.Ordinal);
    }

    private static Task AnswerHalfAsync(TcpListener server) =>
        AnswerAsync(server, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"items\":[");

    private static async Task AnswerAsync(TcpListener server, string answer)
    {
        using var client = await server.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.ReadExactlyAsync(new byte[16], TestContext.Current.CancellationToken);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), TestContext.Current.CancellationToken);
        await stream.FlushAsync(TestContext.Current.CancellationToken);
        client.Client.Shutdown(SocketShutdown.Send);
    }
}
