using System.Reflection;
using System.Text.Json.Serialization;
using Elsa.Workflows.Attributes;
using SpeElsa.Engine.Definitions;

namespace Elsa.Workflows.UIHints.CodeEditor;

/// <summary>How high an editor is.</summary>
public enum EditorHeight
{
    /// <summary>A few lines.</summary>
    Default = 0,

    /// <summary>Many lines.</summary>
    Large = 1,
}

/// <summary>What a code editor needs.</summary>
public class CodeEditorOptions
{
    /// <summary>Its height; written as a number, since the designer understands nothing else here.</summary>
    [JsonConverter(typeof(JsonNumberEnumConverter<EditorHeight>))]
    public EditorHeight? EditorHeight { get; set; }

    /// <summary>The language that is coloured, such as "javascript".</summary>
    public string? Language { get; set; }

    /// <summary>Whether it has one line.</summary>
    public bool? SingleLineMode { get; set; }
}

/// <summary>What an editor of several lines needs.</summary>
/// <param name="EditorHeight">Its height.</param>
public record MultiLineOptions([property: JsonConverter(typeof(JsonNumberEnumConverter<EditorHeight>))] EditorHeight EditorHeight);

/// <summary>Base of classes that say what a code editor needs.</summary>
public abstract class CodeEditorOptionsProviderBase : PropertyUIHandlerBase
{
    /// <inheritdoc />
    public override ValueTask<IDictionary<string, object>> GetUIPropertiesAsync(
        PropertyInfo propertyInfo, object? context, CancellationToken cancellationToken = default) =>
        new(UIOptions.Of(InputUIHints.CodeEditor, GetCodeEditorOptions(propertyInfo, context)));

    /// <summary>What the editor needs.</summary>
    protected virtual CodeEditorOptions GetCodeEditorOptions(PropertyInfo propertyInfo, object? context) => new() { Language = GetLanguage(propertyInfo, context) };

    /// <summary>The language that is coloured. Default "plaintext".</summary>
    protected virtual string GetLanguage(PropertyInfo propertyInfo, object? context) => "plaintext";
}

/// <summary>Colours code by the syntax that the input starts in, and JSON where the editor is one for JSON.</summary>
public class StaticCodeEditorOptionsProvider : CodeEditorOptionsProviderBase
{
    /// <summary>Before all others.</summary>
    public override float Priority => -1;

    /// <inheritdoc />
    protected override string GetLanguage(PropertyInfo propertyInfo, object? context)
    {
        var attribute = propertyInfo.GetCustomAttribute<InputAttribute>();
        return attribute?.UIHint == InputUIHints.JsonEditor ? "json" : attribute?.DefaultSyntax?.ToLowerInvariant() ?? "plaintext";
    }
}

/// <summary>Code editors take their language from <see cref="StaticCodeEditorOptionsProvider"/>.</summary>
public class CodeEditorUIHintHandler : IUIHintHandler
{
    /// <inheritdoc />
    public virtual string UIHint => InputUIHints.CodeEditor;

    /// <inheritdoc />
    public ValueTask<IEnumerable<Type>> GetPropertyUIHandlersAsync(PropertyInfo propertyInfo, CancellationToken cancellationToken) =>
        new([typeof(StaticCodeEditorOptionsProvider)]);
}

/// <summary>JSON editors are code editors.</summary>
public class JsonEditorUIHintHandler : CodeEditorUIHintHandler
{
    /// <inheritdoc />
    public override string UIHint => InputUIHints.JsonEditor;
}
