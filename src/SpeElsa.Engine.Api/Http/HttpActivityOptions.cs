using System.ComponentModel.DataAnnotations;

namespace Elsa.Http.Options;

/// <summary>Where workflows are reached by HTTP.</summary>
public class HttpActivityOptions
{
    /// <summary>What the paths of endpoints begin with. Default "/workflows".</summary>
    [Required]
    public string BasePath { get; set; } = "/workflows";

    /// <summary>How this server is reached from outside, for links that workflows hand out. Default: the first address it listens at.</summary>
    public Uri? BaseUrl { get; set; }

    /// <summary>The path of the REST API below <see cref="BaseUrl"/>, for such links. Default "elsa/api".</summary>
    [Required]
    public string ApiRoutePrefix { get; set; } = "elsa/api";

    /// <summary>The most bytes of a body or file that is stored with a stimulus. Default 10 MiB; an endpoint may set less.</summary>
    [Range(1, 1024L * 1024 * 1024)]
    public long LargestRequest { get; set; } = 10 * 1024 * 1024;

    /// <summary>How long routes are trusted. Default 1 second; a path that fits none of them is looked for anew at once.</summary>
    public TimeSpan RouteLifetime { get; set; } = TimeSpan.FromSeconds(1);
}
