using CsCheck;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using Elsa.Workflows.State;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Tests.Serialization;

/// <summary>Whatever values a run has, its stored state gives them back: encoded, decoded and encoded again it is the same.</summary>
public sealed class StateRoundTripTests
{
    private static readonly Gen<string> Text = Gen.OneOf(Gen.String[0, 12], Gen.String[Gen.Char['\u0020', '\uD7FF'], 0, 8], Gen.Const("äöü \u2028 \"quoted\" </script>"));

    private static readonly Gen<object?> Scalar = Gen.OneOf(
        Gen.Const((object?)null),
        Gen.Bool.Select(value => (object?)value),
        Gen.Long.Select(value => (object?)value),
        Gen.Double.Where(double.IsFinite).Select(value => (object?)value),
        Text.Select(value => (object?)value));

    private static readonly Gen<object?> Value = Gen.OneOf(
        Scalar,
        Scalar.List[0, 4].Select(items => (object?)items),
        Gen.Dictionary(Text, Scalar)[0, 4].Select(map => (object?)map));

    private static readonly Gen<IDictionary<string, object?>> Map = Gen.Dictionary(Text, Value)[0, 5].Select(map => (IDictionary<string, object?>)map);

    private static readonly Gen<DateTimeOffset> Time = Gen.Long[0, 4_000_000_000].Select(DateTimeOffset.FromUnixTimeSeconds);

    private static readonly Gen<Bookmark> AnyBookmark = Gen.Select(Text, Text, Value, Time, Gen.Bool, (id, name, payload, time, burns) => new Bookmark
    {
        Id = id,
        Name = name,
        Payload = payload,
        CreatedAt = time,
        DueAt = burns ? time : null,
        AutoBurn = burns,
        CallbackMethodName = burns ? null : "OnResumedAsync",
    });

    private static readonly Gen<ActivityExecutionContextState> Execution = Gen.Select(
        Text, Map, Map, Map, Gen.Enum<ActivityStatus>(), Value, (id, properties, metadata, inputs, status, tag) => new ActivityExecutionContextState
        {
            Id = id,
            Properties = properties,
            Metadata = metadata,
            ActivityState = inputs,
            Status = status,
            Tag = tag,
            UnheardOutcomes = status is ActivityStatus.Faulted ? ["Done"] : null,
        });

    private static readonly Gen<WorkflowState> State = Gen.Select(
        Text, Map, Map, AnyBookmark.List[0, 3], Execution.List[0, 4], Gen.Enum<WorkflowSubStatus>(), (id, input, output, bookmarks, executions, subStatus) => new WorkflowState
        {
            Id = id,
            Input = input,
            Output = output,
            Properties = input,
            Bookmarks = bookmarks,
            ActivityExecutionContexts = executions,
            SubStatus = subStatus,
            ScheduledActivities = [new ActivityWorkItemState { ActivityNodeId = id, Input = output, Resumed = bookmarks.Count > 0 ? bookmarks[0] : null }],
        });

    [Fact]
    public void A_state_survives_being_stored() => State.Sample(
        state =>
        {
            var decoded = StateCodec.Decode(StateCodec.Encode(state));
            return EngineJson.Write(decoded) == EngineJson.Write(state);
        },
        iter: 500);
}
