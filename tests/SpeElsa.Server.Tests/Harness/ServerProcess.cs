using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Harness;

/// <summary>The built server as a process of its own, on a data directory of its own. It can be killed and started again on the same files.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>The exit code of a process that SIGKILL has ended.</summary>
    private const int Killed = 137;

    private readonly Dictionary<string, string> _settings;
    private readonly StringBuilder _output = new();
    private Process? _process;

    private ServerProcess(string dataDirectory, Dictionary<string, string> settings)
    {
        DataDirectory = dataDirectory;
        _settings = settings;
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Find()}"));
        Client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(5) };
    }

    /// <summary>The folder of the built program.</summary>
    public static string ProgramFolder { get; set; } = AppContext.BaseDirectory;

    public string DataDirectory { get; }

    public string LabDirectory => Path.Combine(DataDirectory, "lab");

    public Uri Address { get; }

    /// <summary>Sends the API key with every call.</summary>
    public HttpClient Client { get; }

    public string ApiKey => File.ReadAllText(Path.Combine(DataDirectory, "api-key.txt")).Trim();

    private bool KeepsFiles { get; init; }

    public int ProcessId => _process!.Id;

    public bool HasExited => _process is null || _process.HasExited;

    /// <summary>Why it ended when nobody killed it: it gave up, or crashed. Null when it lives, was killed, or ended in order.</summary>
    public string? GaveUp => HasExited && _process?.ExitCode is > 0 and not Killed and var code ? $"The server gave up with exit code {code}: {Output}" : null;

    /// <summary>What it wrote to the console since the last start.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public static async Task<ServerProcess> StartAsync(params (string Name, string Value)[] settings)
    {
        var server = new ServerProcess(Directory.CreateTempSubdirectory("speelsa-").FullName, settings.ToDictionary(setting => setting.Name, setting => setting.Value));
        await server.StartAsync();
        return server;
    }

    /// <summary>A server on files that are there; not started, and they stay when it is disposed.</summary>
    public static ServerProcess On(string dataDirectory) => new(dataDirectory, []) { KeepsFiles = true };

    /// <summary>Starts the program and waits until it is ready, or has died.</summary>
    public async Task StartAsync()
    {
        Launch();
        await Eventually.GetAsync(IsReadyAsync, ready => ready || HasExited, _ => $"the server is not ready: {Output}");
        if (GaveUp is { } reason)
        {
            throw new InvalidOperationException(reason);
        }
    }

    /// <summary>Starts the program.</summary>
    /// <param name="by">The command that starts it in its own place, with its arguments; itself when there is none.</param>
    public void Launch(params string[] by)
    {
        lock (_output)
        {
            _output.Clear();
        }

        // A file that may grow no further is to be an error of the write, as on a full disk, and not the death of the process.
        string[] command = [.. by, .. OperatingSystem.IsLinux() ? ["env", "--ignore-signal=XFSZ"] : Array.Empty<string>(), "dotnet", Path.Combine(ProgramFolder, "SpeElsa.Server.dll")];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["Urls"] = Address.ToString();
        start.Environment["DataDirectory"] = DataDirectory;
        TestProcess.LivesShortly(start);
        start.Environment["Lab__KeyFolder"] = TestProcess.KeyFolder;
        // Quicker to make than both farms.
        start.Environment["Lab__Farm"] = "Single";
        foreach (var (name, value) in _settings)
        {
            start.Environment[name] = value;
        }

        start.WorkingDirectory = Directory.Exists(DataDirectory) ? DataDirectory : AppContext.BaseDirectory;
        _process?.Dispose();
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public void Set(string name, string value) => _settings[name] = value;

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Tells it to end in order, as a service manager does.</summary>
    public async Task StopAsync()
    {
        await ServerCommand.RunProgramAsync("kill", ["-TERM", $"{ProcessId}"]);
        Assert.Equal(0, await WaitForExitAsync());
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public async Task<int> WaitForExitAsync()
    {
        await _process!.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
        {
            await KillAsync();
        }

        Client.Dispose();
        _process?.Dispose();
        if (!KeepsFiles)
        {
            Directory.Delete(DataDirectory, recursive: true);
        }
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            if (Client.DefaultRequestHeaders.Authorization is null && File.Exists(Path.Combine(DataDirectory, "api-key.txt")))
            {
                Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("ApiKey", ApiKey);
            }

            using var answer = await Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return answer.StatusCode is HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
