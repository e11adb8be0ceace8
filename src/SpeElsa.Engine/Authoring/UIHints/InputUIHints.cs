namespace Elsa.Workflows.UIHints;

/// <summary>Names of the designer's editors.</summary>
public static class InputUIHints
{
    /// <summary>A box to tick.</summary>
    public const string Checkbox = "checkbox";

    /// <summary>Several of a list.</summary>
    public const string CheckList = "checklist";

    /// <summary>Code, coloured.</summary>
    public const string CodeEditor = "code-editor";

    /// <summary>Keys and values.</summary>
    public const string Dictionary = "dictionary";

    /// <summary>A date and a time of day.</summary>
    public const string DateTimePicker = "datetime-picker";

    /// <summary>One of a list that opens.</summary>
    public const string DropDown = "dropdown";

    /// <summary>A list of texts that are the activity's outcomes.</summary>
    public const string DynamicOutcomes = "dynamic-outcomes";

    /// <summary>Code in a syntax of the user's choice.</summary>
    public const string ExpressionEditor = "expression-editor";

    /// <summary>JSON.</summary>
    public const string JsonEditor = "json-editor";

    /// <summary>Text of several lines.</summary>
    public const string MultiLine = "multiline";

    /// <summary>A list of texts.</summary>
    public const string MultiText = "multitext";

    /// <summary>An output of the definition.</summary>
    public const string OutputPicker = "output-picker";

    /// <summary>An outcome of the definition.</summary>
    public const string OutcomePicker = "outcome-picker";

    /// <summary>One of a list that is always shown.</summary>
    public const string RadioList = "radiolist";

    /// <summary>Text of one line.</summary>
    public const string SingleLine = "singleline";

    /// <summary>A type by its alias.</summary>
    public const string TypePicker = "type-picker";

    /// <summary>A variable in scope.</summary>
    public const string VariablePicker = "variable-picker";

    /// <summary>An input of the definition.</summary>
    public const string InputPicker = "input-picker";

    /// <summary>A published definition.</summary>
    public const string WorkflowDefinitionPicker = "workflow-definition-picker";
}
