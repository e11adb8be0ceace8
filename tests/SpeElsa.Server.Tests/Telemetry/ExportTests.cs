using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using SpeElsa.Server.Tests.Harness;
using SpeElsa.Server.Tests.Identity;
using SpeElsa.Server.Tests.Tasks;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Telemetry;

/// <summary>What leaves the server by OTLP, as a real receiver gets it.</summary>
public sealed class ExportTests
{
    private const string Canary = "canary-9f13ab";
    private static readonly string[] Metrics =
    [
        "ward-7", "speelsa.steps", "speelsa.step.duration", "speelsa.commit.duration", "speelsa.queue.depth", "speelsa.moves.started", "speelsa.moves.ended", "speelsa.moves.running",
        "speelsa.tasks.waiting", "SpeElsa.HumanTask", "asks-look", "finished", "operator",
    ];

    private static readonly string[] Traces = ["ward-7", "burst", "SpeElsa.HumanTask", "Elsa.WriteLine", "speelsa.instance.id", "asks-look", "GET /api/moves/{id}"];

    [Fact]
    public async Task Metrics_and_traces_of_a_move_reach_the_receiver_and_what_the_move_was_given_does_not()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = await AccessHost.StartAsync(
            "--Telemetry:Endpoint", receiver.Url, "--Telemetry:ServiceName", "ward-7", "--OTEL_METRIC_EXPORT_INTERVAL", "250", "--OTEL_BSP_SCHEDULE_DELAY", "250");
        var json = JsonNode.Parse(TaskHost.Ask("look", ("instructions", A.JavaScript("getInput('secret')"))).ToJson())!;
        json["inputs"] = new JsonArray(new JsonObject { ["name"] = "secret", ["type"] = "String" });
        json["root"]!["activities"]!.AsArray().Insert(0, A.Say("say", "getInput('secret')"));
        using var published = await host.SendAsync(HttpMethod.Post, "/elsa/api/workflow-definitions", host.ApiKey, new JsonObject { ["model"] = json, ["publish"] = true });
        Assert.True(published.IsSuccessStatusCode, await published.Content.ReadAsStringAsync());
        var moveId = (string)(await host.PostAsync("/api/moves", host.ApiKey, new { scenario = "asks-look", plan = new { secret = Canary } }, HttpStatusCode.Created))["id"]!;
        var task = await host.TaskAsync(moveId, "look-1");
        Assert.Equal(Canary, (string?)task["instructions"]);
        using var nowhere = await host.SendAsync(HttpMethod.Get, $"/api/moves/{Canary}?secret={Canary}", host.ApiKey);
        await receiver.HearsAsync("v1/metrics", "operator");

        await host.AnswerAsync(host.ApiKey, task, "Done", completedBy: "ann");
        await host.EndAsync(moveId);

        await receiver.HearsAsync("v1/metrics", Metrics);
        await receiver.HearsAsync("v1/traces", [.. Traces, moveId]);
        Assert.All(receiver.Bodies, body => Assert.DoesNotContain(Canary, body.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lines_of_the_log_from_inside_an_activity_say_which_it_is_and_exports_leave_none()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await ServerProcess.StartAsync(("Lab__Enabled", "false"), ("Telemetry__Endpoint", receiver.Url), ("OTEL_BSP_SCHEDULE_DELAY", "250"));
        var model = JsonNode.Parse(A.Sequence("speaks").With(A.Line("hello")).ToJson());
        using var published = await server.Client.PostAsJsonAsync("/elsa/api/workflow-definitions", new JsonObject { ["model"] = model, ["publish"] = true });
        Assert.True(published.IsSuccessStatusCode, await published.Content.ReadAsStringAsync());
        using var started = await server.Client.PostAsJsonAsync("/api/moves", new { scenario = "speaks" });
        var moveId = (string)JsonNode.Parse(await started.Content.ReadAsStringAsync())!["id"]!;
        await receiver.HearsAsync("v1/traces", "Elsa.WriteLine", moveId);

        var log = await LogAsync(server);
        var line = Assert.Single(log, line => line.Contains("\"hello\"", StringComparison.Ordinal));
        Assert.Equal($"{moveId} hello 0", $"{JsonNode.Parse(line)!["MoveId"]} {JsonNode.Parse(line)!["StepId"]} {JsonNode.Parse(line)!["Attempt"]}");
        Assert.DoesNotContain(log, other => other.Contains("/v1/traces", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Both_go_by_gRPC_where_the_settings_say_so()
    {
        await using var receiver = await Receiver.StartAsync(HttpProtocols.Http2);
        await using var host = await AccessHost.StartAsync(
            "--Telemetry:Endpoint", receiver.Url, "--Telemetry:Protocol", "Grpc", "--OTEL_METRIC_EXPORT_INTERVAL", "250", "--OTEL_BSP_SCHEDULE_DELAY", "250");
        using var look = await host.SendAsync(HttpMethod.Get, "/api/moves", host.ApiKey);

        await receiver.HearsAsync("opentelemetry.proto.collector.metrics.v1.MetricsService/Export", "speelsa.queue.depth");
        await receiver.HearsAsync("opentelemetry.proto.collector.trace.v1.TraceService/Export", "GET /api/moves");
    }

    [Fact]
    public async Task Without_an_endpoint_no_library_for_it_is_loaded()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("Only Linux tells in /proc what a process has loaded.");
        }

        await using var receiver = await Receiver.StartAsync();
        await using var quiet = await ServerProcess.StartAsync(("Lab__Enabled", "false"));
        await using var telling = await ServerProcess.StartAsync(("Lab__Enabled", "false"), ("Telemetry__Endpoint", receiver.Url));

        Assert.DoesNotContain("OpenTelemetry", await LoadedAsync(quiet), StringComparison.Ordinal);
        Assert.Contains("OpenTelemetry", await LoadedAsync(telling), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://x", "HttpProtobuf", "speelsa", "Telemetry:Endpoint is 'ftp://x', which is no http or https address")]
    [InlineData("collector:4318", "HttpProtobuf", "speelsa", "Telemetry:Endpoint is 'collector:4318'")]
    [InlineData("http://127.0.0.1:4318", "7", "speelsa", "Telemetry:Protocol is '7'; there are HttpProtobuf, Grpc.")]
    [InlineData("http://127.0.0.1:4318", "Grpc", " ", "Telemetry:ServiceName is empty.")]
    public async Task Settings_that_can_not_be_used_stop_the_start_with_the_reason(string endpoint, string protocol, string name, string expected)
    {
        var error = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => AccessHost.StartAsync(
            "--Telemetry:Endpoint", endpoint, "--Telemetry:Protocol", protocol, "--Telemetry:ServiceName", name));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static async Task<string[]> LogAsync(ServerProcess server)
    {
        var file = Assert.Single(Directory.GetFiles(Path.Combine(server.DataDirectory, "logs")));
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return (await reader.ReadToEndAsync()).Split('\n');
    }

    private static Task<string> LoadedAsync(ServerProcess server) => File.ReadAllTextAsync($"/proc/{server.ProcessId}/maps");

    /// <summary>An OTLP receiver.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private WebApplication _app = null!;

        /// <summary>What came; protobuf has text as UTF-8.</summary>
        public ConcurrentQueue<(string Path, string Text)> Bodies { get; } = new();

        public string Url => _app.Urls.First();

        public static async Task<Receiver> StartAsync(HttpProtocols protocols = HttpProtocols.Http1)
        {
            var receiver = new Receiver();
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
            receiver._app = builder.Build();
            receiver._app.MapPost("/{**path}", async (string path, HttpRequest request) =>
            {
                using var body = new MemoryStream();
                await request.Body.CopyToAsync(body);
                receiver.Bodies.Enqueue((path, Encoding.UTF8.GetString(body.ToArray())));
                return Results.Ok();
            });
            await receiver._app.StartAsync();
            return receiver;
        }

        /// <summary>Waits until all of it has come.</summary>
        public Task<string[]> HearsAsync(string path, params string[] texts) => Eventually.GetAsync(
            () => Task.FromResult(texts.Where(text => !Bodies.Any(body => body.Path == path && body.Text.Contains(text, StringComparison.Ordinal))).ToArray()),
            missing => missing.Length == 0,
            missing => $"{path} without {string.Join(", ", missing)}");

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
