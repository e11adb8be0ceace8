using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Elsa.Http.Options;
using Microsoft.Extensions.Options;
using SpeElsa.Activities;
using SpeElsa.Engine.Api.Mail;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Runtime;

namespace SpeElsa.Server.Configuration;

/// <summary>A setting as it counts now.</summary>
/// <param name="Name">Its name in the settings, such as Plans:CheckBefore.</param>
/// <param name="Value">Its value as one would write it; empty: none.</param>
/// <param name="Default">What it would be without an entry; null when it is that.</param>
internal sealed record EffectiveSetting(string Name, string Value, string? Default);

/// <summary>All settings as they count now, whether they come from the file, the environment, the command line, or nowhere. None of them is a secret: those are named, and stored apart.</summary>
internal sealed class EffectiveSettings(
    ServerOptions server,
    IOptions<RuntimeOptions> runtime,
    IOptions<InstanceRetentionOptions> retention,
    IOptions<MoveStepOptions> steps,
    IOptions<HumanTaskOptions> tasks,
    IOptions<HttpActivityOptions> http,
    IOptions<MailOptions> mail)
{
    private static readonly JsonSerializerOptions Json = new() { IgnoreReadOnlyProperties = true, Converters = { new JsonStringEnumConverter(), new SpanConverter() } };

    /// <summary>Reads them, by section.</summary>
    public IReadOnlyList<(string Section, IReadOnlyList<EffectiveSetting> Settings)> Read()
    {
        var all = Compare("", server, new ServerOptions())
            .Concat(Compare("Runtime:", runtime.Value, new RuntimeOptions()))
            .Concat(Compare("Retention:", retention.Value, new InstanceRetentionOptions()))
            .Concat(Compare("Steps:", steps.Value, new MoveStepOptions()))
            .Concat(Compare("Tasks:", tasks.Value, new HumanTaskOptions()))
            .Concat(Compare("Http:", http.Value, new HttpActivityOptions()))
            .Concat(Compare("Mail:", mail.Value, new MailOptions()));
        return [.. all.GroupBy(setting => setting.Name.Contains(':', StringComparison.Ordinal) ? setting.Name[..setting.Name.IndexOf(':', StringComparison.Ordinal)] : "")
            .Select(section => (section.Key, (IReadOnlyList<EffectiveSetting>)[.. section]))];
    }

    private static IEnumerable<EffectiveSetting> Compare<T>(string section, T value, T byDefault)
    {
        var defaults = Flatten(section, JsonSerializer.SerializeToNode(byDefault, Json)).ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
        return Flatten(section, JsonSerializer.SerializeToNode(value, Json))
            .Select(pair => new EffectiveSetting(pair.Name, pair.Value, defaults.GetValueOrDefault(pair.Name, "") is var usual && usual != pair.Value ? usual : null));
    }

    private static IEnumerable<(string Name, string Value)> Flatten(string path, JsonNode? node) => node switch
    {
        JsonObject value => value.SelectMany(pair => Flatten(path.Length == 0 || path.EndsWith(':') ? $"{path}{pair.Key}" : $"{path}:{pair.Key}", pair.Value)),
        JsonArray { Count: 0 } => [(path, "")],
        JsonArray items when items.All(item => item is JsonValue) => [(path, string.Join(", ", items))],
        JsonArray items => items.SelectMany((item, index) => Flatten(string.Create(CultureInfo.InvariantCulture, $"{path}:{index}"), item)),
        _ => [(path, node?.ToString() ?? "")],
    };

    private sealed class SpanConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString("c", CultureInfo.InvariantCulture));
    }
}
