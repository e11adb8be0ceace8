using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing.Stores;

namespace SpeElsa.Engine.Persistence.Tests;

public sealed class SqliteStoreTests : StoreSuite
{
    private readonly SqliteFile _file = new();
    private ServiceProvider? _services;

    protected override async Task<StoreUnderTest> OpenAsync()
    {
        _services = await _file.OpenAsync();
        return new StoreUnderTest(
            _services.GetRequiredService<IRuntimeStore>(),
            _services.GetRequiredService<IInstanceReader>(),
            _services.GetRequiredService<IDefinitionStore>());
    }

    protected override async ValueTask CloseAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        _file.Dispose();
    }
}
