using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.Json;

namespace SpeElsa.Lab.Shell.Commands;

[Cmdlet("ConvertTo", "Json")]
internal sealed class ConvertToJsonCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    [Parameter]
    public int Depth { get; set; } = 2;

    [Parameter]
    public SwitchParameter Compress { get; set; }

    protected override void Execute()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = !Compress }))
        {
            Write(writer, InputObject, Depth);
        }

        WriteObject(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static void Write(Utf8JsonWriter writer, object? value, int depth)
    {
        var plain = value is PSObject wrapped && wrapped.BaseObject is not PSCustomObject ? wrapped.BaseObject : value;
        switch (plain)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case char character:
                writer.WriteStringValue(character.ToString());
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case SwitchParameter flag:
                writer.WriteBooleanValue(flag.IsPresent);
                break;
            case int or long or short or byte or uint:
                writer.WriteNumberValue(Convert.ToInt64(plain, CultureInfo.InvariantCulture));
                break;
            case double number:
                writer.WriteNumberValue(number);
                break;
            case decimal number:
                writer.WriteNumberValue(number);
                break;
            case DateTime time:
                // As Windows PowerShell 5.1 does it, so that a script that forgot to format a time is found out here.
                writer.WriteStringValue($"/Date({new DateTimeOffset(time).ToUnixTimeMilliseconds()})/");
                break;
            case Enum number:
                writer.WriteNumberValue(Convert.ToInt64(number, CultureInfo.InvariantCulture));
                break;
            default:
                WriteContainer(writer, plain, depth);
                break;
        }
    }

    private static void WriteContainer(Utf8JsonWriter writer, object value, int depth)
    {
        if (depth <= 0)
        {
            writer.WriteStringValue(value.ToString());
            return;
        }

        if (value is not (IDictionary or PSObject) && value is IEnumerable list)
        {
            writer.WriteStartArray();
            foreach (var item in list)
            {
                Write(writer, item, depth - 1);
            }

            writer.WriteEndArray();
            return;
        }

        writer.WriteStartObject();
        foreach (var (name, item) in Members(value))
        {
            writer.WritePropertyName(name);
            Write(writer, item, depth - 1);
        }

        writer.WriteEndObject();
    }

    private static IEnumerable<(string Name, object? Value)> Members(object value)
    {
        if (value is IDictionary dictionary)
        {
            foreach (DictionaryEntry entry in dictionary)
            {
                yield return (entry.Key.ToString()!, entry.Value);
            }

            yield break;
        }

        foreach (var property in PSObject.AsPSObject(value).Properties)
        {
            yield return (property.Name, property.Value);
        }
    }
}

[Cmdlet("ConvertFrom", "Json")]
internal sealed class ConvertFromJsonCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string InputObject { get; set; } = "";

    protected override void Execute()
    {
        try
        {
            using var document = JsonDocument.Parse(InputObject);
            WriteObject(Read(document.RootElement), enumerateCollection: false);
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"Invalid JSON primitive: {e.Message}", e);
        }
    }

    private static object? Read(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var record = new PSObject();
                foreach (var property in element.EnumerateObject())
                {
                    record.Properties.Add(new PSNoteProperty(property.Name, Read(property.Value)));
                }

                return record;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(Read).ToArray();
            case JsonValueKind.String:
                return element.GetString();
            case JsonValueKind.Number:
                return element.TryGetInt32(out var small) ? small : element.TryGetInt64(out var large) ? large : element.GetDecimal();
            case JsonValueKind.True or JsonValueKind.False:
                return element.GetBoolean();
            default:
                return null;
        }
    }
}
