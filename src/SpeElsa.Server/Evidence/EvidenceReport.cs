using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace SpeElsa.Server.Evidence;

/// <summary>Renders the report that people read.</summary>
internal sealed class EvidenceReport(IServiceProvider services, ILoggerFactory loggers)
{
    public async Task<string> RenderAsync(EvidenceSource source, EvidenceDocument evidence, string fingerprint)
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var page = await renderer.RenderComponentAsync<ReportPage>(ParameterView.FromDictionary(new Dictionary<string, object?>
            {
                [nameof(ReportPage.Source)] = source,
                [nameof(ReportPage.Evidence)] = evidence,
                [nameof(ReportPage.Fingerprint)] = fingerprint,
            }));
            return page.ToHtmlString().ReplaceLineEndings("\n");
        });
    }
}
