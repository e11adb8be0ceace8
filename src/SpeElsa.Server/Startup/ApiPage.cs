using SpeElsa.Server.Identity;

namespace SpeElsa.Server.Startup;

/// <summary>The API as a page to read and to try, in the open: Swagger UI from this server's own files, with whatever its reader is signed in as.</summary>
internal static class ApiPage
{
    public const string Path = "/api-docs";

    public static void UseApiPage(this IApplicationBuilder app) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments(Path),
        page =>
        {
            page.Use((context, next) =>
            {
                if (context.User.Identity is { IsAuthenticated: true })
                {
                    return next(context);
                }

                context.Response.Redirect(SignInPaths.To(context.Request));
                return Task.CompletedTask;
            });
            page.UseSwaggerUI(ui =>
            {
                ui.RoutePrefix = Path[1..];
                ui.DocumentTitle = "API · SpeElsa";
                ui.SwaggerEndpoint("/openapi/v1.json", "SpeElsa");
                ui.InjectStylesheet("/api-docs.css");
                ui.InjectJavascript("/theme.js");
                ui.EnableDeepLinking();
                ui.EnableFilter();
                ui.DisplayRequestDuration();

                // Its check of documents would ask a server of its maker.
                ui.ConfigObject.AdditionalItems["validatorUrl"] = null!;
            });
        });
}
