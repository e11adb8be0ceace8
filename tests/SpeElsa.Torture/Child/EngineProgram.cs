using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Persistence;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Torture.Child;

/// <summary>What one engine process is told.</summary>
/// <param name="Data">The folder with the database and the world.</param>
/// <param name="DieAt">The place where it kills itself, or null.</param>
/// <param name="DieOn">The time it comes there that kills it, from 1.</param>
/// <param name="Sabotage">How it is broken.</param>
/// <param name="IsQuiet">Whether it tells only of what goes on, and not of what was there.</param>
internal sealed record EngineOptions(string Data, string? DieAt, int DieOn, Sabotage Sabotage, bool IsQuiet)
{
    public string Database => Path.Combine(Data, "engine.db");

    public string World => Path.Combine(Data, "world.txt");
}

/// <summary>One engine process. It takes commands on its standard input, a line each, and tells on its standard output what it has done.</summary>
internal static class EngineProgram
{
    public static async Task<int> RunAsync(EngineOptions options, CancellationToken cancellationToken)
    {
        var voice = new Voice();
        await using var host = await TestHost.StartAsync(
            services =>
            {
                services.AddSqliteStore(options.Database);
                services.AddSingleton(new World(options.World, options.Sabotage));
                services.AddSingleton<ICommitObserver>(voice);
                if (options.DieAt is not null)
                {
                    services.AddSingleton<IFaultPoints>(new Death(options.DieAt, options.DieOn));
                }

                var registered = services.Last(service => service.ServiceType == typeof(IRuntimeStore));
                services.Remove(registered);
                services.AddSingleton<IRuntimeStore>(provider => new TortureStore(
                    (IRuntimeStore)ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!), provider.GetRequiredService<IDefinitionStore>(), options.Sabotage, id => voice.Say($"aside {id}")));
            },
            async services =>
            {
                await services.GetRequiredService<EngineDatabase>().OpenAsync(cancellationToken);
                await services.GetRequiredService<IRuntimeStore>().EvictAsync("", cancellationToken);
                if (options.IsQuiet)
                {
                    return;
                }

                var (all, _) = await services.GetRequiredService<IInstanceReader>().ListAsync(new InstanceFilter(), InstanceOrder.NewestFirst, 0, int.MaxValue, cancellationToken);
                foreach (var instance in all)
                {
                    voice.Say("was", instance);
                }
            },
            null,
            typeof(Act).Assembly);
        voice.Say("ready");
        var commands = new List<Task>();
        while (await Console.In.ReadLineAsync(cancellationToken) is { } line && line != "quit")
        {
            commands.Add(ObeyAsync(host, voice, line));
        }

        await Task.WhenAll(commands);
        return 0;
    }

    private static async Task ObeyAsync(TestHost host, Voice voice, string line)
    {
        var words = line.Split(' ');
        try
        {
            switch (words)
            {
                case ["publish", var path]:
                    var json = await File.ReadAllTextAsync(path);
                    var version = new DefinitionRecord { Id = "", DefinitionId = Path.GetFileNameWithoutExtension(path).Split('@')[0], Version = 0, Name = "", ContentHash = DefinitionReader.ContentHash(json), Json = json, CreatedAt = DateTimeOffset.UtcNow };
                    var store = host.Services.GetRequiredService<IDefinitionStore>();
                    if ((await store.FindPublishedAsync(version.DefinitionId, default))?.ContentHash != version.ContentHash)
                    {
                        await store.PublishAsync(version, default);
                    }

                    voice.Say($"did {path} Accepted");
                    break;
                case ["start", var key, var instanceId, var definitionId]:
                    var started = await host.Inbox.StartAsync(new StartRequest { Key = key, InstanceId = instanceId, DefinitionId = definitionId, Input = new Dictionary<string, object?>() }, default);
                    voice.Say($"did {key} {started.Acceptance}");
                    break;
                case ["signal", var key, var instanceId, var name]:
                    var sent = await host.Inbox.SendAsync(A.Signal(key, instanceId, hash: A.HashOfEvent(name)), default);
                    voice.Say($"did {key} {sent.Acceptance}");
                    break;
                case ["retry", var key, var instanceId]:
                    voice.Say($"did {key} {(await host.Inbox.RetryAsync(instanceId, key, [], default)).Acceptance}");
                    break;
                case ["putback", var key, var instanceId]:
                    await host.Store.PutBackAsync(instanceId, default);
                    voice.Say($"did {key} Accepted");
                    break;
                default:
                    throw new InvalidOperationException($"What is '{line}'?");
            }
        }
#pragma warning disable CA1031 // Whatever it is, the run is to hear of it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            voice.Say($"failed {line.Replace(' ', '_')}: {exception.ToString().ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>Tells the run, whole lines only.</summary>
    private sealed class Voice : ICommitObserver
    {
        private readonly Lock _lock = new();

        public void Committed(InstanceRecord instance) => Say("at", instance);

        public void Say(string word, InstanceRecord instance) =>
            Say(string.Create(CultureInfo.InvariantCulture, $"{word} {instance.Id} {(instance.SetAside is null ? instance.SubStatus : "SetAside")} {instance.StateVersion}"));

        public void Say(string line)
        {
            lock (_lock)
            {
                Console.Out.WriteLine(line);
                Console.Out.Flush();
            }
        }
    }

    /// <summary>Kills this process at one place, as a power cut would.</summary>
    private sealed class Death(string place, int on) : IFaultPoints
    {
        private int _reached;

        public void Reach(string point, string? activityId)
        {
            if (point == place && Interlocked.Increment(ref _reached) == on)
            {
                Process.GetCurrentProcess().Kill();
                Thread.Sleep(Timeout.Infinite);
            }
        }
    }
}
