using SpeElsa.Engine.Storage;
using SpeElsa.Testing.Stores;

namespace SpeElsa.Engine.Tests.Storage;

public sealed class InMemoryStoreTests : StoreSuite
{
    protected override Task<StoreUnderTest> OpenAsync()
    {
        var store = new InMemoryStore();
        return Task.FromResult(new StoreUnderTest(store, store, store));
    }

    protected override ValueTask CloseAsync() => ValueTask.CompletedTask;
}
