using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing.Model;
using SpeElsa.Testing.Stores;

namespace SpeElsa.Engine.Persistence.Tests;

/// <summary>Whatever happens in whatever order, the runtime is where a simple model says. A failure prints its seed and the shortest sequence found.</summary>
public sealed class ModelTests
{
    [Fact]
    public Task The_runtime_on_a_file_is_where_the_model_says() => Gen.Int[0, RuntimeCommand.Most - 1].Select(RuntimeCommand.From).Array[1, 40].SampleAsync(
        async commands =>
        {
            using var file = new SqliteFile();
            await using var services = await file.OpenAsync();
            await ModelRun.PlayAsync(
                new StoreUnderTest(
                    services.GetRequiredService<IRuntimeStore>(), services.GetRequiredService<IInstanceReader>(), services.GetRequiredService<IDefinitionStore>()),
                commands);
            Assert.Empty((await DatabaseCheck.RunAsync(file.Path, default)).Problems);
        },
        iter: 20,
        print: commands => string.Join(Environment.NewLine, commands.Select(command => command.ToString())));
}
