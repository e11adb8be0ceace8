using Microsoft.EntityFrameworkCore;
using SpeElsa.Engine.Persistence.Tests;
using SpeElsa.Server.Storage;

namespace SpeElsa.Server.Tests;

public sealed class ServerSchemaTests
{
    [Fact]
    public void The_migrations_and_the_compiled_model_are_those_of_the_context()
    {
        using var context = new ServerDesignTimeFactory().CreateDbContext([]);

        Assert.False(context.Database.HasPendingModelChanges(), "the model has changed: add a migration");
        CompiledModels.AssertUpToDate(context);
    }
}
