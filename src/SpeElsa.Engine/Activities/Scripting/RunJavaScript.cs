using Elsa.Expressions.Models;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using Jint.Native;
using Jint.Runtime.Interop;
using SpeElsa.Engine.Expressions;
using SpeElsa.Engine.Expressions.JavaScript;
using SpeElsa.Engine.Serialization;

namespace Elsa.Expressions.JavaScript.Activities;

/// <summary>Runs JavaScript. What it returns is the result; setOutcome and setOutcomes say how it ends, without them it is "Done".</summary>
[Activity("Elsa", "Scripting", "Executes JavaScript code", DisplayName = "Run JavaScript")]
public class RunJavaScript : CodeActivity<object>
{
    /// <summary>Creates an empty one.</summary>
    public RunJavaScript()
    {
    }

    /// <summary>Runs a script.</summary>
    public RunJavaScript(string script) => Script = new Input<string>(script);

    /// <summary>The script. Written as a JavaScript expression, it is the script itself; in another syntax, that gives the script.</summary>
    [Input(Description = "The script to run.", UIHint = "code-editor", DefaultSyntax = "JavaScript", AutoEvaluate = false)]
    public Input<string> Script { get; set; } = new("");

    /// <summary>The outcomes the designer draws.</summary>
    [Input(Description = "A list of possible outcomes.", UIHint = "dynamic-outcomes")]
    public Input<ICollection<string>> PossibleOutcomes { get; set; } = new([]);

    /// <inheritdoc />
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var script = await ScriptText.ReadAsync(Script, "JavaScript", context);
        string[] outcomes = [];
        var result = context.GetRequiredService<JavaScriptRunner>().Run(script, context.ExpressionExecutionContext, ExpressionEvaluatorOptions.Empty, AddOutcomes);
        context.Set(Result, result);
        if (outcomes.Length > 0)
        {
            await context.CompleteActivityWithOutcomesAsync(outcomes);
        }

        void AddOutcomes(Jint.Engine engine, JavaScriptValues values)
        {
            Add("setOutcome");
            Add("setOutcomes");

            void Add(string name) => engine.SetValue(name, new ClrFunction(engine, name, (_, arguments) =>
            {
                outcomes = [.. arguments.SelectMany(argument => Names(values.FromScript(argument)))];
                return JsValue.Undefined;
            }));
        }
    }

    private static IEnumerable<string> Names(object? value) => value is IEnumerable<object?> names ? names.SelectMany(Names) : [ObjectConverter.ConvertTo<string>(value) ?? ""];
}
