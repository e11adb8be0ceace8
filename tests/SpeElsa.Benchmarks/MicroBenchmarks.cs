using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using Elsa.Workflows.State;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Benchmarks;

/// <summary>The inner parts of the engine, each alone.</summary>
[MemoryDiagnoser]
public class MicroBenchmarks
{
    private readonly string _json = Definitions.Flowchart("chart", 500);
    private readonly WorkflowIdentity _identity = new("chart", 1, "chart-v1");
    private readonly JournalRecord _row = new()
    {
        InstanceId = "0123456789abcdef",
        Sequence = 17,
        Timestamp = new DateTimeOffset(2026, 11, 28, 1, 0, 0, TimeSpan.Zero),
        EventName = "Completed",
        ActivityId = "step17",
        NodeId = "Workflow1:root:step17",
        ActivityInstanceId = "0123456789abcdef-17",
        ParentActivityInstanceId = "0123456789abcdef-2",
        ActivityType = "SpeElsa.Benchmarks.Trivial",
        ActivityTypeVersion = 1,
        ActivityName = "Trivial1",
        Message = null,
        Source = null,
        Role = JournalRole.None,
        Attempt = 0,
        Payload = """{"Outcomes":["Done"]}""",
        Hash = new string('a', 64),
    };

    private DefinitionReader _reader = null!;
    private IWorkflowRunner _runner = null!;
    private WorkflowGraph _chart = null!;
    private WorkflowGraph _ten = null!;
    private WorkflowState _state = null!;
    private byte[] _bytes = [];

    /// <summary>Runs them.</summary>
    internal static int Run(string[] args)
    {
        // In this process: nothing is built beside the locked build.
        var config = ManualConfig.Create(DefaultConfig.Instance).AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)).WithOptions(ConfigOptions.DisableLogFile)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "speelsa-micro"));
        BenchmarkSwitcher.FromTypes([typeof(MicroBenchmarks)]).Run(args.Length == 0 ? ["--filter", "*"] : args, config);
        return 0;
    }

    /// <summary>Makes what they work on.</summary>
    [GlobalSetup]
    public async Task SetUpAsync()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        var store = new InMemoryStore();
        services.AddSingleton<IRuntimeStore>(store).AddSingleton<IInstanceReader>(store).AddSingleton<IDefinitionStore>(store);
        services.AddWorkflowEngine(typeof(Trivial).Assembly);
        var provider = services.BuildServiceProvider();
        _reader = provider.GetRequiredService<DefinitionReader>();
        _runner = provider.GetRequiredService<IWorkflowRunner>();
        _chart = _reader.Read(_json, _identity);
        _ten = _reader.Read(Definitions.Sequence("ten", 10, durable: false), new WorkflowIdentity("ten", 1, "ten-v1"));
        _state = (await _runner.RunAsync(_ten)).WorkflowState;
        _bytes = StateCodec.Encode(_state);
    }

    /// <summary>A journal row's hash.</summary>
    [Benchmark]
    public string HashRow() => JournalChain.HashOf(_row.Hash, _row);

    /// <summary>The state of a run that waits, to bytes.</summary>
    [Benchmark]
    public byte[] EncodeState() => StateCodec.Encode(_state);

    /// <summary>And back.</summary>
    [Benchmark]
    public WorkflowState DecodeState() => StateCodec.Decode(_bytes);

    /// <summary>A definition of 500 activities, from JSON to a graph.</summary>
    [Benchmark]
    public WorkflowGraph ReadDefinition500() => _reader.Read(_json, _identity);

    /// <summary>Ten trivial steps and a wait, in memory.</summary>
    [Benchmark]
    public Task<RunWorkflowResult> RunSequence10() => _runner.RunAsync(_ten);

    /// <summary>A flowchart of 500 trivial steps, in memory.</summary>
    [Benchmark]
    public Task<RunWorkflowResult> RunFlowchart500() => _runner.RunAsync(_chart);
}
