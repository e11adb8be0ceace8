using System.Collections;
using System.Globalization;
using System.Text;
using Elsa.Http;
using SpeElsa.Engine.Serialization;

namespace SpeElsa.Engine.Api.Mail;

/// <summary>Reads what a workflow attaches to a mail.</summary>
internal static class MailAttachments
{
    private const string Binary = "application/octet-stream";
    private const int Largest = 10 * 1024 * 1024;

    /// <summary>Reads one attachment or a list of them.</summary>
    /// <exception cref="MailException">One can not be attached.</exception>
    public static IReadOnlyList<MailAttachment> Read(object? value)
    {
        var attachments = value switch
        {
            null => [],
            string or byte[] or IDictionary<string, object?> => new[] { Read(value, 1) },
            IEnumerable list => list.Cast<object?>().Where(item => item is not null).Select((item, index) => Read(item!, index + 1)).ToArray(),
            _ => [Read(value, 1)],
        };
        return attachments.Sum(attachment => (long)attachment.Content.Length) <= Largest
            ? attachments
            : throw new MailException($"The attachments have more than {Largest} bytes in all. Send a link in place of them.", canRetry: false);
    }

    private static MailAttachment Read(object value, int number) => value switch
    {
        HttpFile file => new(NameOr(file.FileName, number), file.ContentType ?? Binary, file.Content),
        byte[] bytes => new(NameOr(null, number), Binary, bytes),
        string text => throw new MailException(
            $"'{(text.Length > 60 ? text[..60] : text)}' can not be attached: a path or address is not read, since whoever edits a workflow could read any file with it. "
            + "Attach an object with content, fileName and contentType.",
            canRetry: false),
        IDictionary<string, object?> map when Find(map, "content") is { } content => Of(content, Find(map, "fileName") as string, Find(map, "contentType") as string, number),
        _ => new(NameOr(null, number) + ".json", "application/json", EngineJson.WriteBytes(value)),
    };

    private static MailAttachment Of(object content, string? name, string? type, int number) => content switch
    {
        byte[] bytes => new(NameOr(name, number), type ?? Binary, bytes),
        string text => new(NameOr(name, number), type ?? "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text)),
        _ => new(NameOr(name, number), type ?? "application/json", EngineJson.WriteBytes(content)),
    };

    private static object? Find(IDictionary<string, object?> map, string name) =>
        map.FirstOrDefault(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    private static string NameOr(string? name, int number) => string.IsNullOrWhiteSpace(name) ? string.Create(CultureInfo.InvariantCulture, $"Attachment-{number}") : name;
}
