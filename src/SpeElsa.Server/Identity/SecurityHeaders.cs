using SpeElsa.Server.OperatorConsole;

namespace SpeElsa.Server.Identity;

/// <summary>Tells browsers what the pages of this server never do. What Elsa Studio needs beyond that is allowed where it lives, and nowhere else.</summary>
internal static class SecurityHeaders
{
    private const string DesignerPath = "/designer";
    private const string Pages =
        "default-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    // WebAssembly, inline styles, workers from blobs; the hashes are of the two scripts that Studio puts into the page itself.
    private const string Designer =
        "default-src 'self'; "
        + "script-src 'self' 'wasm-unsafe-eval' 'sha256-snlP1jz0gjwc5cTz9ErZcliXuCK63+Mmf68RRCeptgc=' 'sha256-vu6sQrKXQHR4Yn3FMMihA/9TxxfIXnCxKwvLrTPJ5ts='; "
        + "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; connect-src 'self'; "
        + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    // MudBlazor sets styles by script and writes its colours into the page.
    private const string Console =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    // Swagger UI sets styles by script and draws its arrows from data.
    private const string ApiPage =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
            headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments(DesignerPath) ? Designer
                : context.Request.Path.StartsWithSegments(Startup.ApiPage.Path) ? ApiPage
                : ConsoleHosting.IsConsolePage(context) ? Console
                : Pages;
            return Task.CompletedTask;
        });
        return next(context);
    });
}
