using Microsoft.EntityFrameworkCore;
using SpeElsa.Engine.Persistence.Tests;
using SpeElsa.Server.Identity;

namespace SpeElsa.Server.Tests.Identity;

public sealed class AccessSchemaTests
{
    [Fact]
    public void The_migrations_and_the_compiled_model_are_those_of_the_context()
    {
        using var context = new AccessDesignTimeFactory().CreateDbContext([]);

        Assert.False(context.Database.HasPendingModelChanges(), "the model has changed: add a migration");
        CompiledModels.AssertUpToDate(context);
    }
}
