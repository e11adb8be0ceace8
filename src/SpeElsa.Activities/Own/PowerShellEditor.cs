using System.Reflection;
using Elsa.Workflows.UIHints.CodeEditor;

namespace SpeElsa.Activities;

/// <summary>Colours PowerShell in the designer's code editor.</summary>
public sealed class PowerShellEditor : CodeEditorOptionsProviderBase
{
    /// <inheritdoc />
    protected override CodeEditorOptions GetCodeEditorOptions(PropertyInfo propertyInfo, object? context) =>
        new() { Language = GetLanguage(propertyInfo, context), EditorHeight = EditorHeight.Large };

    /// <inheritdoc />
    protected override string GetLanguage(PropertyInfo propertyInfo, object? context) => "powershell";
}
