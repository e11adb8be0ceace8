using Elsa.Workflows;
using Elsa.Workflows.State;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Tests.Serialization;

public sealed class StateCodecTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(200)]
    public void A_state_comes_back_as_it_was(int executions)
    {
        var state = State(executions);

        var decoded = StateCodec.Decode(StateCodec.Encode(state));

        Assert.Equal(EngineJson.Write(state), EngineJson.Write(decoded));
    }

    [Fact]
    public void A_long_state_is_compressed()
    {
        var state = State(200);

        Assert.InRange(StateCodec.Encode(state).Length, 1, EngineJson.WriteBytes(state).Length / 5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    public void Cut_off_bytes_are_refused(int executions)
    {
        var bytes = StateCodec.Encode(State(executions));
        for (var length = 0; length < bytes.Length; length += 1 + (bytes.Length / 300))
        {
            Assert.Throws<InvalidDataException>(() => StateCodec.Decode(bytes[..length]));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    public void Damaged_bytes_are_refused_or_read_but_never_crash_the_reader(int executions)
    {
        var bytes = StateCodec.Encode(State(executions));
        for (var position = 0; position < bytes.Length; position++)
        {
            var damaged = bytes.ToArray();
            damaged[position] ^= 0x55;
            try
            {
                Assert.NotNull(StateCodec.Decode(damaged));
            }
            catch (InvalidDataException)
            {
                // That is how damage is reported.
            }
        }
    }

    [Fact]
    public void The_bytes_of_a_newer_format_are_named_as_such()
    {
        var exception = Assert.Throws<InvalidDataException>(() => StateCodec.Decode([77, 1, 2]));

        Assert.Contains("a newer version wrote it", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_null_is_no_state() => Assert.Throws<InvalidDataException>(() => StateCodec.Decode([1, .. "null"u8]));

    private static WorkflowState State(int executions) => new()
    {
        Id = "i",
        DefinitionId = "d",
        SubStatus = WorkflowSubStatus.Suspended,
        CreatedAt = SpeElsa.Testing.A.Moment,
        Input = new Dictionary<string, object?> { ["n"] = 1L, ["list"] = new List<object?> { "x", null, 2.5 } },
        ActivityExecutionContexts =
        [
            .. Enumerable.Range(0, executions).Select(number => new ActivityExecutionContextState
            {
                Id = $"e{number}",
                ScheduledActivityNodeId = $"Workflow1:a{number}",
                Status = ActivityStatus.Running,
                StartedAt = SpeElsa.Testing.A.Moment,
                Attempt = 1,
            }),
        ],
    };
}
