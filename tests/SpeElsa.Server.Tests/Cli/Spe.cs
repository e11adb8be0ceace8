using System.Text;
using System.Text.Json.Nodes;
using SpeElsa.Cli.Commands;
using SpeElsa.Server.Tests.Identity;

namespace SpeElsa.Server.Tests.Cli;

/// <summary>The command line, with a server.</summary>
internal sealed class Spe(AccessHost host)
{
    public Task<(int Code, string Output, string Error)> RunAsync(params string[] args) => RunWithInputAsync("", args);

    /// <summary>Runs it with something on standard input.</summary>
    public async Task<(int Code, string Output, string Error)> RunWithInputAsync(string input, params string[] args)
    {
        await using var output = new StringWriter();
        var (code, error) = await RunAsync(input, output, args);
        return (code, output.ToString(), error);
    }

    /// <summary>Runs what goes on for a while: its end, and what it has written up to now.</summary>
    public (Task<(int Code, string Error)> Ends, Func<string> Written) Start(params string[] args)
    {
        var output = new OpenWriter();
        return (RunAsync("", output, args), () => output.Written);
    }

    private async Task<(int Code, string Error)> RunAsync(string input, TextWriter output, string[] args)
    {
        string[] server = args[0] == "verify" ? [] : ["--server", host.Address.ToString(), "--key-file", Path.Combine(host.DataDirectory, "api-key.txt")];
        var own = args.Where(arg => arg.StartsWith("--", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        await using var error = new StringWriter();
        var code = await SpeCommands.RunAsync([.. args, .. server.Chunk(2).Where(pair => !own.Contains(pair[0])).SelectMany(pair => pair)], output, error, new StringReader(input));
        return (code, error.ToString());
    }

    /// <summary>Runs what has to succeed.</summary>
    public async Task<string> OutputAsync(params string[] args)
    {
        var (code, output, error) = await RunAsync(args);
        Assert.True(code == 0 && error.Length == 0, $"{string.Join(' ', args)}: {code}, {output}{error}");
        return output;
    }

    public async Task<JsonNode> JsonAsync(params string[] args)
    {
        var (code, output, error) = await RunAsync([.. args, "--output", "json"]);
        Assert.True(code == 0, error);
        return JsonNode.Parse(output)!;
    }

    public async Task FailsAsync(int code, string says, params string[] args)
    {
        var (was, output, error) = await RunAsync(args);
        Assert.True(was == code && output.Length == 0 && error.StartsWith("spe: ", StringComparison.Ordinal) && error.Contains(says, StringComparison.Ordinal), $"{string.Join(' ', args)}: {was}, {output}{error}");
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    /// <summary>Is read while it is written to.</summary>
    private sealed class OpenWriter : TextWriter
    {
        private readonly StringBuilder _written = new();

        public override Encoding Encoding => Encoding.UTF8;

        public string Written
        {
            get
            {
                lock (_written)
                {
                    return _written.ToString();
                }
            }
        }

        public override void Write(char value)
        {
            lock (_written)
            {
                _written.Append(value);
            }
        }
    }
}
