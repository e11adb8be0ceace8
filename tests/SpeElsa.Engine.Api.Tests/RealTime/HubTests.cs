using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Elsa.Extensions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Api.RealTime;
using SpeElsa.Engine.Api.Rest;
using SpeElsa.Engine.Api.Tests.Rest;
using SpeElsa.Engine.Api.Tests.Rest.Instances;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Api.Tests.RealTime;

/// <summary>The hub as a real client sees it.</summary>
public sealed class HubTests : RunTest
{
    private const string Hub = "http://localhost/elsa/hubs/workflow-instance";

    private TestServer Server => (TestServer)Services.GetRequiredService<IServer>();

    protected override void Add(IServiceCollection services)
    {
        base.Add(services);
        services.AddRealTimeWorkflows();
        services.Configure<RealTimeOptions>(options => options.RepeatAfter = [TimeSpan.FromMilliseconds(50)]);
    }

    protected override void Configure(WebApplication app)
    {
        base.Configure(app);
        app.UseWorkflowsSignalRHubs();
    }

    [Fact]
    public async Task A_client_sees_a_run_go_on_as_recorded_and_again_after_it_has_connected_anew()
    {
        var id = await ExecuteAsync(A.Sequence("hub").With(A.Event("E1", "HubGo"), A.Line("W2"), A.Event("E3", "HubEnd"), A.Line("W4")));
        var recorded = JsonNode.Parse(RecordedHub())!["log"]!.AsArray().Select(entry => entry!["message"]!).OfType<JsonObject>().Where(message => message["target"] is not null).ToArray();
        await using (var first = await ObserveAsync(id))
        {
            // It is told at once how the run stands.
            Assert.Equal("0", Completed(first.Last("ActivityExecutionLogUpdatedAsync")!, "E1"));
            await PublishEventAsync("HubGo", id);
            Assert.Equal("1", await first.UntilAsync(id, message => Completed(message, "W2")));
            foreach (var name in new[] { "ActivityExecutionLogUpdatedAsync", "WorkflowExecutionLogUpdatedAsync", "WorkflowInstanceUpdatedAsync" })
            {
                var like = recorded.First(message => (string)message["target"]! == name)["arguments"]![0];
                Assert.Empty(Shape.Differences(like, first.Last(name), "stats[].metadata"));
            }
        }

        await using var second = await ObserveAsync(id);
        await PublishEventAsync("HubEnd", id);
        Assert.Equal("1", await second.UntilAsync(id, message => Completed(message, "W4")));
        Assert.Equal(id, (string)second.Last("WorkflowInstanceUpdatedAsync")!["workflowInstanceId"]!);
    }

    [Fact]
    public async Task Many_commits_are_told_in_few_messages_and_the_last_one_is_never_left_out()
    {
        var id = await ExecuteAsync(A.Sequence("many").With(A.Event("E", "Go"), A.For("f", 1, 300, A.Node("d", "Elsa.Delay", ("timeSpan", A.Text("00:00:00")))), A.Line("end")));
        await using var client = await ObserveAsync(id);

        await PublishEventAsync("Go", id);
        await Eventually.GetAsync(() => GetAsync($"workflow-instances/{id}/execution-state"), stand => (string)stand!["status"]! == "Finished");
        Assert.Equal("1", await client.UntilAsync(id, message => Completed(message, "end")));
        Assert.InRange(client.Count("WorkflowInstanceUpdatedAsync"), 1, 200);
    }

    [Fact]
    public async Task What_was_told_is_told_once_more_to_those_who_drew_something_older_over_it()
    {
        var id = await ExecuteAsync(A.Sequence("again").With(A.Event("E1", "HubAgain"), A.Line("W2"), A.Event("E3", "HubNever")));
        await using var client = await ObserveAsync(id);

        await PublishEventAsync("HubAgain", id);
        Assert.Equal("1", await client.UntilAsync(id, message => Completed(message, "W2")));
        Assert.Equal("1", await client.UntilAsync(id, message => Completed(message, "W2")));
    }

    [Theory]
    [InlineData("read:workflow-definitions")]
    [InlineData("read:*")]
    [InlineData("read:workflow-instances")]
    public async Task Whoever_may_not_read_instances_and_whoever_names_none_is_refused(string permissions)
    {
        var id = await ExecuteAsync(A.Sequence("hub").With(A.Event("E1", "HubGo")));
        await using var client = await ConnectAsync(permissions);

        var unknown = await Assert.ThrowsAsync<HubException>(() => client.Connection.InvokeAsync("ObserveInstanceAsync", "no-such-instance"));
        Assert.Contains("Access denied.", unknown.Message, StringComparison.Ordinal);
        if (permissions == "read:workflow-definitions")
        {
            var refused = await Assert.ThrowsAsync<HubException>(() => client.Connection.InvokeAsync("ObserveInstanceAsync", id));
            Assert.Equal(unknown.Message, refused.Message);
        }
        else
        {
            await client.Connection.InvokeAsync("ObserveInstanceAsync", id);
        }
    }

    [Fact]
    public async Task The_negotiation_answers_as_recorded()
    {
        using var signedIn = await NegotiateAsync("read:*");
        AssertLike("035-signalr-negotiate", JsonNode.Parse(await signedIn.Content.ReadAsStringAsync()), new Dictionary<string, string>());
        using var nobody = await NegotiateAsync(Nobody);
        Assert.Equal((HttpStatusCode)Recording.Read("036-signalr-negotiate-anonymous").Status, nobody.StatusCode);
    }

    [Fact]
    public async Task A_browser_that_can_send_no_credentials_connects_once_with_what_it_has_negotiated()
    {
        using var negotiated = await NegotiateAsync("read:*");
        var token = (string)JsonNode.Parse(await negotiated.Content.ReadAsStringAsync())!["connectionToken"]!;

        using (var socket = await WithoutCredentialsAsync(token))
        {
            Assert.Equal(WebSocketState.Open, socket.State);
            await Assert.ThrowsAsync<InvalidOperationException>(() => WithoutCredentialsAsync(token));
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => WithoutCredentialsAsync("made-up"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => WithoutCredentialsAsync(""));
    }

    [Fact]
    public void The_token_in_the_query_counts_on_the_path_of_the_hub_only()
    {
        static string? Of(string path, string query)
        {
            var context = new DefaultHttpContext();
            context.Request.Path = path;
            context.Request.QueryString = new QueryString(query);
            return HubTokens.FromQuery(context.Request);
        }

        Assert.Equal("secret", Of("/elsa/hubs/workflow-instance", "?id=1&access_token=secret"));
        Assert.Null(Of("/elsa/hubs/workflow-instance", "?id=1"));
        Assert.Null(Of("/elsa/api/workflow-instances", "?access_token=secret"));
    }

    [Fact]
    public void The_feature_is_known_by_the_name_that_the_designer_asks_for()
    {
        var feature = Assert.Single(Services.GetServices<InstalledFeature>());
        Assert.Equal(("Elsa", "RealTimeWorkflowUpdates"), (feature.Namespace, feature.Name));
    }

    private static string RecordedHub()
    {
        using var reader = new StreamReader(typeof(Recording).Assembly.GetManifestResourceStream("recorded/hub-workflow-instance.json")!);
        return reader.ReadToEnd();
    }

    /// <summary>How often an activity has ended, as a message says; null where it says nothing of it.</summary>
    private static string? Completed(JsonNode message, string activityId) =>
        message["stats"]?.AsArray().FirstOrDefault(stats => (string)stats!["activityId"]! == activityId)?["completedCount"]!.ToString();

    private async Task<Observer> ObserveAsync(string id)
    {
        var client = await ConnectAsync("read:workflow-instances");
        await client.Connection.SendAsync("ObserveInstanceAsync", id);
        await client.UntilAsync(id, message => (string?)message["workflowInstanceId"] == id ? "told" : null);
        return client;
    }

    private async Task<Observer> ConnectAsync(string permissions)
    {
        var connection = new HubConnectionBuilder().WithUrl(Hub, options =>
        {
            options.HttpMessageHandlerFactory = _ => Server.CreateHandler();
            options.Headers[PermissionsHeader] = permissions;
            options.WebSocketFactory = async (context, cancellationToken) =>
            {
                var client = Server.CreateWebSocketClient();
                client.ConfigureRequest = request => request.Headers[PermissionsHeader] = permissions;
                return await client.ConnectAsync(context.Uri, cancellationToken);
            };
        }).Build();
        var observer = new Observer(connection);
        await connection.StartAsync();
        return observer;
    }

    private Task<HttpResponseMessage> NegotiateAsync(string permissions)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Hub + "/negotiate?negotiateVersion=1");
        request.Headers.Add(PermissionsHeader, permissions);
        return Client.SendAsync(request);
    }

    private async Task<WebSocket> WithoutCredentialsAsync(string token)
    {
        var client = Server.CreateWebSocketClient();
        client.ConfigureRequest = request => request.Headers[PermissionsHeader] = Nobody;
        return await client.ConnectAsync(new Uri($"ws://localhost/elsa/hubs/workflow-instance?id={token}"), default);
    }

    /// <summary>A connection and all that it was sent.</summary>
    private sealed class Observer : IAsyncDisposable
    {
        private readonly List<(string Name, JsonNode Message)> _seen = [];
        private readonly Channel<JsonNode> _messages = Channel.CreateUnbounded<JsonNode>();

        public Observer(HubConnection connection)
        {
            Connection = connection;
            foreach (var name in new[] { "ActivityExecutionLogUpdatedAsync", "WorkflowExecutionLogUpdatedAsync", "WorkflowInstanceUpdatedAsync" })
            {
                connection.On<JsonElement>(name, message =>
                {
                    var node = JsonNode.Parse(message.GetRawText())!;
                    lock (_seen)
                    {
                        _seen.Add((name, node));
                    }

                    _messages.Writer.TryWrite(node);
                });
            }
        }

        public HubConnection Connection { get; }

        public JsonNode? Last(string name)
        {
            lock (_seen)
            {
                return _seen.Last(seen => seen.Name == name).Message;
            }
        }

        public int Count(string name)
        {
            lock (_seen)
            {
                return _seen.Count(seen => seen.Name == name);
            }
        }

        /// <summary>Reads messages until one says what is looked for.</summary>
        public async Task<string> UntilAsync(string instanceId, Func<JsonNode, string?> look)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            await foreach (var message in _messages.Reader.ReadAllAsync(patience.Token))
            {
                if (look(message) is { } found)
                {
                    return found;
                }
            }

            throw new InvalidOperationException($"The connection ended before it said that of {instanceId}");
        }

        public ValueTask DisposeAsync() => Connection.DisposeAsync();
    }
}
