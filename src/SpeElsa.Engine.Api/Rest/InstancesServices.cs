using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SpeElsa.Engine.Api.Http;
using SpeElsa.Engine.Api.Rest.Instances;
using SpeElsa.Engine.Api.Rest.Resume;
using SpeElsa.Engine.Api.Rest.Runs;

namespace SpeElsa.Engine.Api.Rest;

/// <summary>What the routes about runs need.</summary>
internal static class InstancesServices
{
    public static IServiceCollection AddInstancesApi(this IServiceCollection services)
    {
        services.TryAddSingleton<StoredResponses>();
        services.TryAddSingleton<RunStarter>();
        services.TryAddSingleton<InstanceWaits>();
        services.TryAddSingleton<BookmarkResumption>();
        return services.AddResumeLinks();
    }
}
