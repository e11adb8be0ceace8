using CsCheck;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing.Model;
using SpeElsa.Testing.Stores;

namespace SpeElsa.Engine.Tests.Durability;

/// <summary>Whatever happens in whatever order, the runtime is where a simple model says. A failure prints its seed and the shortest sequence found.</summary>
public sealed class ModelTests
{
    [Fact]
    public Task The_runtime_in_memory_is_where_the_model_says() => Gen.Int[0, RuntimeCommand.Most - 1].Select(RuntimeCommand.From).Array[1, 40].SampleAsync(
        async commands =>
        {
            var store = new InMemoryStore();
            await ModelRun.PlayAsync(new StoreUnderTest(store, store, store), commands);
        },
        iter: 120,
        print: commands => string.Join(Environment.NewLine, commands.Select(command => command.ToString())));
}
