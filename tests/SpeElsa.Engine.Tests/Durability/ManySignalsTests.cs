using Elsa.Workflows.Runtime.Stimuli;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Tests.Durability;

public sealed class ManySignalsTests : EngineTest
{
    [Fact]
    public async Task Of_a_thousand_parallel_signals_to_a_hundred_instances_none_is_lost()
    {
        var definition = A.Flowchart("ten").Variable("N", "Int32", "0")
            .With(A.Event("wait", "go"), A.Set("add", "N", "getN() + 1", "Int32"), A.Decision("more", "getN() < 10"))
            .Connect("wait -> add", "add -> more", "more:True -> wait");
        var ids = new List<string>();
        for (var number = 0; number < 100; number++)
        {
            ids.Add(await StartAsync(definition));
        }

        var hash = StimulusHash.Compute("Elsa.Event", new EventStimulus("go"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(number =>
            Task.Run(() => Host.Inbox.SendAsync(A.Signal($"s{number}", ids[number % 100], hash: hash), default))));

        Assert.All(answers, answer => Assert.Equal(Acceptance.Accepted, answer.Acceptance));
        foreach (var id in ids)
        {
            await FinishesAsync(id);
            Assert.Equal(10, (await Host.CompletedAsync(id)).Count(activity => activity == "add"));
        }

        foreach (var answer in answers)
        {
            Assert.Equal(StimulusState.Consumed, (await Host.Reader.FindStimulusAsync(answer.Stored!.Stimulus.Key, default))!.State);
        }
    }
}
